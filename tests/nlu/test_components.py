"""Our components inside Rasa: trained, stored, loaded, and answering as stock Rasa does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rasa")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message

from nlu_data.components.classifier import ServiceClassifier
from nlu_data.components.entity_extractor import RuleEntityExtractor
from nlu_data.components.language_identifier import LanguageIdentifier
from nlu_data.components.tokenizer import IndicTokenizer

TOY = """
version: "3.1"
nlu:
- intent: apply/income_certificate
  metadata: {language: te}
  examples: |
    - నాకు ఆదాయ ధృవీకరణ పత్రం కావాలి
    - ఆదాయ సర్టిఫికెట్ ఎలా తీసుకోవాలి
    - మా నాన్న సంపాదనకి కాయితం కావాలి
    - ఇన్కమ్ సర్టిఫికెట్ చేయించండి
    - మా అమ్మాయి కాలేజీకి ఆదాయ పత్రం అడిగారు
- intent: apply/income_certificate
  metadata: {language: hi}
  examples: |
    - मुझे आय प्रमाण पत्र चाहिए
    - आमदनी का कागज बनवाना है
    - पिताजी की कमाई का सर्टिफिकेट चाहिए
- intent: apply/income_certificate
  metadata: {language: en}
  examples: |
    - I need an income certificate
    - the college wants proof of my father's earnings
- intent: pay/electricity_bill_pay
  metadata: {language: te}
  examples: |
    - కరెంటు బిల్లు కట్టాలి
    - మా ఇంటి విద్యుత్ బిల్లు చెల్లించాలి
    - నేను బిల్లు కడతాను, కరెంటుది
    - కరెంట్ డబ్బులు కట్టేస్తా
- intent: pay/electricity_bill_pay
  metadata: {language: hi}
  examples: |
    - बिजली का बिल भरना है
    - मुझे बिजली बिल जमा करना है
    - करंट का पैसा भर दो
- intent: pay/electricity_bill_pay
  metadata: {language: en}
  examples: |
    - pay my electricity bill
    - I want to pay the power bill
- intent: greet
  metadata: {language: en}
  examples: |
    - hello there
    - good morning to you
    - hi
- intent: out_of_scope
  metadata: {language: en}
  examples: |
    - who won the cricket match
    - tell me a joke please
    - what is the capital of France
    - play a song for me
"""


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage.create(Path(tmp_path_factory.mktemp("model")))


CONTEXT = ExecutionContext(GraphSchema({}), "test")


def trained(component: Any, storage: LocalModelStorage, name: str) -> Any:
    """The component, trained on the toy file, stored and loaded again."""
    config, resource = component.get_default_config(), Resource(name)
    component.create(config, storage, resource, CONTEXT).train(RasaYAMLReader().reads(TOY))
    return component.load(config, storage, resource, CONTEXT)


@pytest.fixture(scope="module")
def classifier(storage: LocalModelStorage) -> ServiceClassifier:
    return trained(ServiceClassifier, storage, "classifier")


@pytest.fixture(scope="module")
def identifier(storage: LocalModelStorage) -> LanguageIdentifier:
    return trained(LanguageIdentifier, storage, "language")


def parsed(component: Any, text: str, metadata: dict[str, Any] | None = None) -> Message:
    (message,) = component.process([Message({"text": text, "metadata": metadata})])
    return message


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ఆదాయ పత్రం కావాలి", "apply/income_certificate"),
        ("naku aadaya patram kavali", "apply/income_certificate"),
        ("mujhe aay praman patra chahiye", "apply/income_certificate"),
        ("మీరు ఆదాయ certificate ఇస్తారా", "apply/income_certificate"),
        ("karentu billu kattali", "pay/electricity_bill_pay"),
        ("bijli ka bill bharna hai", "pay/electricity_bill_pay"),
        ("pay power bill", "pay/electricity_bill_pay"),
    ],
)
def test_native_examples_teach_latin_letters_too(classifier: ServiceClassifier, text: str, label: str) -> None:
    assert next(name for name, _ in classifier.rank(text) if name != "out_of_scope") == label


def test_the_answer_has_the_shape_of_stock_rasa(classifier: ServiceClassifier) -> None:
    output = parsed(classifier, "ఆదాయ ధృవీకరణ పత్రం కావాలి").as_dict(only_output_properties=True)
    assert output["intent"]["name"] == "apply"
    assert output["intent_ranking"][0]["name"] == "apply/income_certificate"
    assert 1 <= len(output["intent_ranking"]) <= 5
    assert output["response_selector"]["all_retrieval_intents"] == ["apply", "pay"]
    assert output["response_selector"]["apply"]["response"]["intent_response_key"] == "apply/income_certificate"


def test_probabilities_are_sorted_and_sum_to_one(classifier: ServiceClassifier) -> None:
    shares = [share for _, share in classifier.rank("కరెంటు బిల్లు కట్టాలి")]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-3)


def test_a_message_without_a_known_word_is_out_of_scope(classifier: ServiceClassifier) -> None:
    assert classifier.rank("qqq zzz xxxyyy")[0][0] == "out_of_scope"


def test_flat_intents_of_another_bot_work(storage: LocalModelStorage) -> None:
    resource = Resource("flat")
    other = ServiceClassifier.create(ServiceClassifier.get_default_config(), storage, resource, CONTEXT)
    other.train(
        RasaYAMLReader().reads("""
version: "3.1"
nlu:
- intent: alarm_set
  examples: |
    - wake me up at nine
    - set an alarm
    - an alarm for seven please
- intent: weather
  examples: |
    - will it rain today
    - how is the weather
    - do I need an umbrella
""")
    )
    message = parsed(other, "set the alarm for eight")
    assert message.get("intent")["name"] == "alarm_set"
    assert message.get("response_selector") is None


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("నాకు సర్టిఫికెట్ కావాలి", "te", "Telu"),
        ("मुझे बिल भरना है", "hi", "Deva"),
        ("మా bill కట్టాలి", "te", "mixed"),
        ("naku aadaya patram kavali", "te", "Latn"),
        ("mujhe bijli ka bill bharna hai", "hi", "Latn"),
        ("I want to pay the bill", "en", "Latn"),
        ("98480 22338", None, "none"),
        ("ok", None, "Latn"),
        ("certificate", None, "Latn"),
        ("Guntur", None, "Latn"),
        ("😀", None, "none"),
    ],
)
def test_language_is_named_only_with_evidence(
    identifier: LanguageIdentifier, text: str, language: str | None, script: str
) -> None:
    message = parsed(identifier, text)
    assert (message.get("language")["language"], message.get("language")["script"]) == (language, script)


def test_the_language_that_was_heard_wins(identifier: LanguageIdentifier) -> None:
    message = parsed(identifier, "bill", {"language": "te", "confidence": 0.9})
    assert message.get("language")["language"] == "te"


def test_words_of_a_mixed_message_have_their_own_language(identifier: LanguageIdentifier) -> None:
    pairs = dict(parsed(identifier, "మా bill कितना").get("language")["words"])
    assert pairs == {"మా": "te", "bill": None, "कितना": "hi"}


def test_tokens_hold_plain_text_and_point_into_the_original() -> None:
    text = "రేషన\u200c్ కార్డు, ౧౨౩।"
    tokens = IndicTokenizer(IndicTokenizer.get_default_config()).tokenize(Message({"text": text}), "text")
    assert [t.text for t in tokens] == ["రేషన్", "కార్డు", ",", "123", "."]
    assert [text[t.start : t.end] for t in tokens][3:] == ["౧౨౩", "।"]


def test_the_extractor_reads_the_day_from_its_config() -> None:
    extractor = RuleEntityExtractor.create({"today": "2026-11-23"}, None, None, None)
    assert [e["value"] for e in parsed(extractor, "రేపు").get("entities")] == ["2026-11-24"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(exclude_categories=()), max_size=200)
    | st.sampled_from(["", " ", "్", "\u200d", "a" * 10_000, "అ" * 10_000])
)
def test_any_string_gets_a_valid_parse(
    classifier: ServiceClassifier, identifier: LanguageIdentifier, text: str
) -> None:
    extractor = RuleEntityExtractor.create({}, None, None, None)
    message = Message({"text": text})
    for component in (IndicTokenizer(IndicTokenizer.get_default_config()), identifier, classifier, extractor):
        component.process([message])
    assert 0 <= message.get("intent")["confidence"] <= 1
    assert isinstance(message.get("entities", []), list)

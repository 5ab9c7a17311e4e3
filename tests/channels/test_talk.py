"""The gateway's own sentences: complete, speakable, and one for every way in which a message can fail."""

from __future__ import annotations

import regex
import yaml

from channels.sentences import load
from channels.settings import ROOT
from voice.errors import Reason

PATH = ROOT / "nlu_data" / "talk" / "gateway.yml"
TABLE = yaml.safe_load(PATH.read_text(encoding="utf-8"))["sentences"]
SCRIPTS = {"te": "Telugu", "hi": "Devanagari", "en": "Latin"}
SPOKEN_ONLY = {Reason.OFF, Reason.EMPTY, Reason.DOWN}


def test_every_sentence_stands_in_three_languages_in_their_own_letters() -> None:
    for key, sentence in TABLE.items():
        assert list(sentence) == list(SCRIPTS), key
        for language, text in sentence.items():
            letters = regex.findall(r"\p{L}", regex.sub(r"\{\w+\}", "", text))
            wrong = [letter for letter in letters if not regex.match(rf"\p{{{SCRIPTS[language]}}}", letter)]
            assert letters and not wrong, (key, language, wrong)


def test_placeholders_are_the_same_in_all_three_languages() -> None:
    for key, sentence in TABLE.items():
        assert len({tuple(sorted(regex.findall(r"\{\w+\}", text))) for text in sentence.values()}) == 1, key


def test_every_reason_not_to_hear_has_a_sentence() -> None:
    missing = {f"unheard_{reason}" for reason in Reason if reason not in SPOKEN_ONLY} - set(TABLE)
    assert not missing


def test_a_language_nobody_knows_gets_telugu() -> None:
    sentences = load(PATH)
    assert sentences.say("empty", "fr") == sentences.say("empty", None) == TABLE["empty"]["te"]

"""Citizens on WhatsApp, from the first word to the paper in their hands, through every process."""

import re
import sqlite3
import time

import httpx
import pytest

from actions.catalog import Catalog
from tests.end_to_end.stack import Phone, Stack, envelope, post_webhook

AADHAAR = "2345 6789 0124"
ANSWERS = {
    "te": {
        "applicant_name": "కొండపల్లి రామారావు",
        "relation_name": "మా నాన్న పేరు సుబ్బారావు",
        "aadhaar": AADHAAR,
        "date_of_birth": "15 ఆగస్టు 1975",
        "annual_income": "డెబ్బై రెండు వేలు",
        "district": "గుంటూరు జిల్లా",
        "mandal": "తాడికొండ",
        "village": "లాం",
        "pincode": "522034",
        "mobile": "9848012345",
        "purpose": "పిల్లల స్కాలర్‌షిప్ కోసం",
    },
    "hi": {
        "applicant_name": "रमेश कुमार",
        "relation_name": "पिता का नाम सुरेश कुमार",
        "aadhaar": AADHAAR,
        "date_of_birth": "१५/०८/१९७५",
        "annual_income": "बहत्तर हज़ार",
        "district": "हैदराबाद में",
        "mandal": "अमीरपेट",
        "village": "बल्कमपेट",
        "pincode": "500016",
        "mobile": "9848012345",
        "purpose": "छात्रवृत्ति",
    },
    "te_latn": {
        "applicant_name": "Ramarao",
        "relation_name": "Subbarao",
        "aadhaar": AADHAAR,
        "date_of_birth": "15-08-1975",
        "annual_income": "debbai rendu velu",
        "district": "guntur jilla",
        "mandal": "tadikonda",
        "village": "lam",
        "pincode": "522034",
        "mobile": "98480 12345",
        "purpose": "scholarship kosam",
    },
    "hi_latn": {
        "applicant_name": "Ramesh Kumar",
        "relation_name": "Suresh Kumar",
        "aadhaar": AADHAAR,
        "date_of_birth": "15 august 1975",
        "annual_income": "bahattar hazaar",
        "district": "hyderabad mein",
        "mandal": "ameerpet",
        "village": "balkampet",
        "pincode": "500016",
        "mobile": "+91 9848012345",
        "purpose": "chhatravritti",
    },
    "en": {
        "applicant_name": "Ramesh Kumar",
        "relation_name": "Suresh Kumar",
        "aadhaar": AADHAAR,
        "date_of_birth": "15 August 1975",
        "annual_income": "seventy two thousand",
        "district": "Guntur",
        "mandal": "Tadikonda",
        "village": "Lam",
        "pincode": "522034",
        "mobile": "9848012345",
        "purpose": "for a scholarship",
    },
}
REQUESTS = {
    "te": "నాకు ఆదాయ ధృవీకరణ పత్రం కావాలి",
    "hi": "मुझे आय प्रमाण पत्र बनवाना है",
    "te_latn": "naku income certificate kavali andi",
    "hi_latn": "mujhe aay praman patra banwana hai",
    "en": "I want to apply for an income certificate",
}
YES = {
    "te": "అవును పంపండి",
    "hi": "हाँ जमा कर दो",
    "te_latn": "avunu pampandi",
    "hi_latn": "haan jama kar do",
    "en": "yes submit it",
}
DOWNLOAD = {
    "te": "{number} సర్టిఫికెట్ డౌన్‌లోడ్ చేయాలి",
    "hi": "{number} प्रमाण पत्र डाउनलोड करना है",
    "te_latn": "{number} certificate download cheyali",
    "hi_latn": "{number} certificate download karna hai",
    "en": "download my issued certificate {number}",
}
pytestmark = pytest.mark.xdist_group("stack")
NUMBERS = iter(range(919000000100, 919000000999))


@pytest.fixture
def phone(stack: Stack, catalog: Catalog) -> Phone:
    return Phone(stack, catalog, str(next(NUMBERS)), "te")


def answer_all(phone: Phone, answers: dict[str, str], most: int = 16) -> str:
    said = ""
    for _ in range(most):
        if not phone.asked:
            return said
        said = phone.writes(answers[phone.asked])
    raise AssertionError(f"still asking {phone.asked}: {said}")


@pytest.mark.parametrize("form", list(REQUESTS))
def test_a_certificate_is_applied_for_and_downloaded_in_every_form(phone: Phone, form: str) -> None:
    phone.language = form[:2]
    phone.writes(REQUESTS[form])
    assert phone.buttons == ["yes", "no"], "consent is asked before the first personal question"
    phone.presses("yes")
    assert phone.asked == "applicant_name"
    summary = answer_all(phone, ANSWERS[form])
    assert "XXXX XXXX 0124" in summary and "1975" in summary and "72,000" in summary
    said = phone.writes(YES[form])
    number = re.search(r"IC\d+", said)
    assert number, said
    deadline = time.monotonic() + 60
    while not phone.documents and time.monotonic() < deadline:
        time.sleep(1)
        phone.writes(DOWNLOAD[form].format(number=number.group()))
        answer_all(phone, ANSWERS[form])
    assert phone.documents, "no certificate came"
    document = phone.documents[0]
    assert document["filename"].endswith(".pdf") and document["filename"].isascii()
    link = document.get("link")
    data = phone.stack.graph.media[document["id"]] if "id" in document else httpx.get(link).content
    assert data.startswith(b"%PDF-")


def test_several_details_in_one_message_are_all_taken(phone: Phone) -> None:
    phone.writes("నా పేరు రాము, గుంటూరు జిల్లా, ఆధార్ 2345 6789 0124, ఆదాయ ధృవీకరణ పత్రం కావాలి")
    phone.presses("yes")
    assert phone.asked == "relation_name"
    answered = set()
    while phone.asked:
        answered.add(phone.asked)
        summary = phone.writes(ANSWERS["te"][phone.asked])
    assert not answered & {"applicant_name", "district", "aadhaar"}
    assert "రాము" in summary


def test_a_bill_is_paid_once(phone: Phone) -> None:
    phone.language = "en"
    phone.writes("I want to pay my electricity bill")
    phone.writes("APSPDCL")
    summary = phone.writes("1234567890123")
    assert "confirm" in phone.buttons, summary
    assert phone.catalog.sentences["result_receipt"]["en"].partition("{")[0] in phone.presses("confirm")
    phone.writes("pay my electricity bill")
    if phone.asked:
        phone.writes("APSPDCL" if phone.asked == "discom" else "1234567890123")
    assert phone.catalog.sentences["result_nothing_due"]["en"].partition("{")[0] in phone.said


def test_a_danger_is_answered_with_advice_first(phone: Phone) -> None:
    said = phone.writes("మా వీధిలో కరెంటు తీగ తెగి రోడ్డు మీద పడింది")
    assert "1912" in said


def test_a_department_that_is_down_is_told_and_nothing_is_lost(phone: Phone) -> None:
    phone.language = "en"
    phone.writes("street light near my house is not working")
    if phone.buttons == ["yes", "no"]:
        phone.presses("yes")
    answers = {
        "locality": "Gandhi Nagar, Guntur",
        "landmark": "near the temple",
        "description": "dark for three days",
        "mobile": "9848012345",
    }
    answer_all(phone, answers)
    if phone.buttons == ["yes", "no"]:
        phone.presses("yes")
        answer_all(phone, answers)
    httpx.post(
        f"{phone.stack.departments}/_faults", json={"department": "municipal", "mode": "down"}
    ).raise_for_status()
    try:
        phone.presses("confirm")
        assert "confirm" in phone.buttons
    finally:
        httpx.post(
            f"{phone.stack.departments}/_faults", json={"department": "municipal", "mode": "none"}
        ).raise_for_status()
    phone.wait(90)
    assert phone.catalog.sentences["result_complaint"]["en"].partition("{")[0] in phone.said, "told without asking"


def test_ones_data_is_deleted_on_request(phone: Phone) -> None:
    phone.language = "en"
    phone.writes("street light near Koneru Basti is broken, my number is 9848012345")
    phone.writes("delete my data")
    assert phone.buttons == ["yes", "no"]
    phone.presses("yes")
    database = next(phone.stack.folder.glob("var/conversations.db"))
    time.sleep(1)
    assert b"Koneru Basti" not in b"".join(
        str(row).encode() for row in sqlite3.connect(database).execute("select data from events")
    )


@pytest.mark.parametrize("text", ["", "   ", "😀😀😀", "x" * 5000, "/apply{}", "\u202e\u0000abc", "అ" * 4096])
def test_odd_texts_get_an_answer(phone: Phone, text: str) -> None:
    assert phone.writes(text).strip()


def test_a_wrong_signature_is_refused(stack: Stack) -> None:
    body = envelope(
        "919000000001",
        {"from": "919000000001", "id": "wamid.x", "timestamp": "1", "type": "text", "text": {"body": "hi"}},
    )
    assert post_webhook(stack, body, secret="another").status_code == 403


def test_malformed_json_is_refused(stack: Stack) -> None:
    assert post_webhook(stack, b'{"object": ').status_code == 400


def test_an_unknown_kind_of_message_is_answered(phone: Phone) -> None:
    assert phone._send({"type": "hologram", "hologram": {}}).strip()


def test_a_redelivered_message_is_answered_once(phone: Phone) -> None:
    phone.writes("hello")
    before = len(phone.stack.graph.sent)
    message = {
        "from": phone.number,
        "id": f"wamid.{phone.number}.1",
        "timestamp": "1",
        "type": "text",
        "text": {"body": "hello"},
    }
    assert post_webhook(phone.stack, envelope(phone.number, message)).status_code == 200
    time.sleep(2)
    assert len(phone.stack.graph.sent) == before

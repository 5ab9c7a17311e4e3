"""The form and the talk around it, without Rasa: understanding is given, departments record."""

import pytest

from actions.errors import DepartmentDown, NotFound, NothingDue
from actions.turn import Memory, Ranked
from tests.actions.citizen import Citizen, entity

GUNTUR = entity("place", "Guntur", kinds=["district", "town", "stop"])
ONGOLE = entity("place", "Prakasam", "Ongole", kinds=["district"])
AADHAAR = entity("aadhaar", "234567890124", "2345 6789 0124")
ANSWERS = {
    "applicant_name": ("Ravi Kumar",),
    "relation_name": ("Ramayya",),
    "aadhaar": ("2345 6789 0124", AADHAAR),
    "date_of_birth": ("15/08/1975", entity("date", "1975-08-15")),
    "annual_income": ("72000", entity("number", 72000)),
    "district": ("Guntur", GUNTUR),
    "mandal": ("Tadikonda",),
    "village": ("Lam",),
    "pincode": ("522034", entity("pincode", "522034")),
    "mobile": ("9848012345", entity("mobile", "9848012345")),
    "purpose": ("scholarship",),
}


def answer_everything(citizen: Citizen, until: str = "") -> None:
    for _ in range(20):
        if not citizen.asked or citizen.asked == until:
            return
        text, *entities = ANSWERS[citizen.asked]
        citizen.says(text, "inform", *entities)


def test_a_form_collects_confirms_and_submits_once(citizen: Citizen) -> None:
    citizen.says("I need an income certificate", "apply/income_certificate")
    answer_everything(citizen)
    assert citizen.stage == "confirm"
    assert citizen.buttons == ["confirm", "change", "cancel"]
    assert "XXXX XXXX 0124" in citizen.replies[-1].text and "234567890124" not in citizen.replies[-1].text
    assert "IC0000123" in citizen.says("yes", "affirm")
    assert citizen.memory.form is None
    ((function, request),) = citizen.departments.asked
    assert function == "revenue.apply"
    assert request.values["annual_income"] == 72000 and request.values["date_of_birth"] == "1975-08-15"


def test_several_details_in_one_sentence_are_not_asked_again(citizen: Citizen) -> None:
    citizen.says(
        "income certificate, my name is Ravi Kumar, Guntur, aadhaar 2345 6789 0124",
        "apply/income_certificate",
        entity("name", "Ravi Kumar", role="self"),
        GUNTUR,
        AADHAAR,
    )
    assert citizen.memory.details == {"applicant_name": "Ravi Kumar", "district": "Guntur", "aadhaar": "234567890124"}
    assert citizen.asked == "relation_name"


def test_consent_is_asked_before_the_first_personal_question(citizen: Citizen) -> None:
    citizen.memory.consent = None
    citizen.says("income certificate please", "apply/income_certificate")
    assert citizen.stage == "consent" and citizen.buttons == ["yes", "no"]
    citizen.presses("yes")
    assert citizen.memory.consent is True and citizen.asked == "applicant_name"


def test_without_consent_nothing_is_collected(citizen: Citizen) -> None:
    citizen.memory.consent = None
    citizen.says("income certificate please", "apply/income_certificate")
    citizen.says("no", "deny")
    assert citizen.memory.form is None


@pytest.mark.parametrize(
    ("slot", "text", "entities", "reason"),
    [
        ("aadhaar", "1234", [entity("number", 1234)], "refused_aadhaar_length"),
        ("aadhaar", "234567890123", [entity("number", 234567890123)], "refused_aadhaar_checksum"),
        ("date_of_birth", "15/08/2090", [entity("date", "2090-08-15")], "refused_date_future"),
        ("date_of_birth", "31/02/1990", [], "refused_date_impossible"),
        ("date_of_birth", "long ago", [], "refused_date"),
        ("annual_income", "plenty", [], "refused_amount"),
        ("district", "Atlantis", [], "refused_place"),
        ("pincode", "12", [entity("number", 12)], "refused_pincode"),
        ("mobile", "12345", [entity("number", 12345)], "refused_mobile"),
        ("purpose", "xyzzy plugh", [], "refused_choice"),
    ],
)
def test_a_bad_answer_is_refused_with_its_reason_and_asked_again(
    citizen: Citizen, slot: str, text: str, entities: list, reason: str
) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen, until=slot)
    before = dict(citizen.memory.details)
    said = citizen.says(text, "inform", *entities)
    expected = citizen.catalog.sentences[reason]["en"].partition("{")[0]
    assert said.startswith(expected) and len(expected) > 5
    assert citizen.asked == slot and citizen.memory.details == before


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    said = citizen.says("how much does it cost", "ask_fee")
    assert "35" in said and citizen.asked == "applicant_name"
    assert citizen.replies[-1].text.startswith(citizen.catalog.slots["applicant_name"].ask["en"][:20])


def test_a_correction_names_the_old_value_and_the_new(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen, until="mandal")
    citizen.memory.details["district"] = "Prakasam"
    citizen.says("no, Guntur not Ongole", "correct", GUNTUR, ONGOLE)
    assert citizen.memory.details["district"] == "Guntur" and citizen.asked == "mandal"


def test_an_answer_is_changed_from_the_summary_by_button(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen)
    citizen.presses("change")
    assert "change:annual_income" in [row.id for row in citizen.replies[-1].rows]
    citizen.presses("change:annual_income")
    assert citizen.asked == "annual_income"
    citizen.says("90000", "inform", entity("number", 90000))
    assert citizen.stage == "confirm" and citizen.memory.details["annual_income"] == 90000


def test_cancelling_closes_the_form(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    citizen.says("cancel it", "cancel")
    assert citizen.memory.form is None


def test_restarting_forgets_what_was_given(citizen: Citizen) -> None:
    citizen.says("income certificate, Guntur", "apply/income_certificate", GUNTUR)
    citizen.says("start over", "restart")
    assert citizen.memory.form is None and citizen.memory.details == {}


def test_the_language_is_switched_in_the_middle_and_the_question_repeated(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    citizen.says("speak in telugu", "change_language", entity("language", "te"))
    assert citizen.memory.speaks == "te"
    assert citizen.replies[-1].text.startswith(citizen.catalog.slots["applicant_name"].ask["te"][:15])


def test_another_service_is_offered_done_and_the_first_one_resumed(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen, until="aadhaar")
    citizen.says("first tell me my current bill amount", "info/electricity_bill_due", confidence=0.95)
    assert citizen.buttons == ["yes", "no"] and citizen.asked == "aadhaar"
    citizen.presses("yes")
    assert citizen.memory.form["service"] == "electricity_bill_due"
    citizen.says("APSPDCL")
    citizen.says("1234567890123", "inform", entity("account", "1234567890123"))
    assert citizen.buttons == ["yes", "no"]
    citizen.says("yes", "affirm")
    assert citizen.memory.form["service"] == "income_certificate" and citizen.asked == "aadhaar"


def test_two_close_services_are_offered_as_buttons(citizen: Citizen) -> None:
    ranking = (Ranked("info", "electricity_bill_due", 0.45), Ranked("pay", "electricity_bill_pay", 0.40))
    citizen.says("current bill", "info/electricity_bill_due", confidence=0.45, ranking=ranking)
    assert citizen.buttons == ["service:electricity_bill_due", "service:electricity_bill_pay", "none"]
    citizen.presses("service:electricity_bill_pay")
    assert citizen.memory.form["service"] == "electricity_bill_pay"


def test_a_bill_is_shown_before_it_is_paid(citizen: Citizen) -> None:
    citizen.says("pay my current bill", "pay/electricity_bill_pay")
    citizen.presses("option:APSPDCL")
    said = citizen.says("1234567890123", "inform", entity("account", "1234567890123"))
    assert "842.5" in said and citizen.stage == "confirm"
    assert "R77" in citizen.presses("confirm")


def test_a_paid_bill_says_that_nothing_is_due(citizen: Citizen) -> None:
    citizen.departments.answers["energy.bill"] = NothingDue()
    citizen.says("pay my current bill", "pay/electricity_bill_pay")
    citizen.presses("option:APSPDCL")
    citizen.says("1234567890123", "inform", entity("account", "1234567890123"))
    assert citizen.memory.form is None


def test_a_department_that_is_down_loses_nothing_and_is_asked_again_with_the_same_key(citizen: Citizen) -> None:
    working = citizen.departments.answers["revenue.apply"]
    citizen.departments.answers["revenue.apply"] = DepartmentDown("revenue")
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen)
    citizen.presses("confirm")
    assert citizen.stage == "confirm" and citizen.memory.details["district"] == "Guntur"
    citizen.departments.answers["revenue.apply"] = working
    assert "IC0000123" in citizen.presses("confirm")
    assert len({request.key for _, request in citizen.departments.asked}) == 1


def test_an_unknown_number_is_asked_again(citizen: Citizen) -> None:
    citizen.departments.answers["revenue.status"] = NotFound()
    citizen.says("where is my application", "status/application_status")
    citizen.says("IC9999999", "inform", entity("account", "IC9999999"))
    assert citizen.asked == "application_number"


def test_an_emergency_gives_advice_first_and_needs_no_confirmation(citizen: Citizen) -> None:
    said = citizen.says("a live wire fell on the road", "emergency/fallen_wire_emergency")
    assert said.startswith(citizen.sentence("emergency_first", helpline="1912"))
    citizen.says("near the school, Tenali", "inform")
    said = citizen.says("9848012345", "inform", entity("mobile", "9848012345"))
    assert "1912" in said and "EM1" in said


def test_a_choice_of_the_department_is_taken_by_its_number_and_shown_by_its_title(citizen: Citizen) -> None:
    stops = (
        entity("place", "Vijayawada", kinds=["stop"], role="from"),
        entity("place", "Tirupati", kinds=["stop"], role="to"),
    )
    citizen.memory.details |= {"travel_date": "2026-12-01"}
    citizen.says("bus ticket vijayawada to tirupati", "book/bus_booking", *stops)
    assert citizen.asked == "bus" and [row.title for row in citizen.replies[-1].rows] or citizen.buttons
    citizen.says("the second", "inform", entity("number", 2))
    assert citizen.memory.details["bus"] == "b2"


def test_the_same_phone_is_offered_as_the_mobile_number(citizen: Citizen) -> None:
    citizen.says("bus cancel", "apply/bus_cancel", phone="919848012345")
    citizen.says("TK12345", "inform", entity("account", "TK12345"), phone="919848012345")
    assert "option:9848012345" in citizen.buttons
    citizen.presses("option:9848012345")
    assert citizen.memory.details["mobile"] == "9848012345"


def test_spoken_digits_are_read_back(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen, until="aadhaar")
    said = citizen.says("2345 6789 0124", "inform", AADHAAR, heard=0.9)
    assert "2 3 4 5 6 7 8 9 0 1 2 4" in said and "aadhaar" not in citizen.memory.details
    citizen.says("yes", "affirm")
    assert citizen.memory.details["aadhaar"] == "234567890124"


def test_an_unsure_transcript_is_acted_on_only_after_a_yes(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate", heard=0.3)
    assert citizen.memory.form is None and citizen.buttons == ["yes", "no"] and not citizen.reconsider
    citizen.says("yes", "affirm")
    assert citizen.reconsider == "income certificate"


def test_twice_not_understood_brings_the_menu_and_a_person(citizen: Citizen) -> None:
    citizen.says("blargh", "inform", confidence=0.1)
    assert not citizen.replies[-1].rows
    citizen.says("blargh blargh", "inform", confidence=0.1)
    assert {row.id for row in citizen.replies[-1].rows} >= {"menu:revenue", "menu:energy"}


def test_the_menu_leads_to_a_service(citizen: Citizen) -> None:
    citizen.says("menu", "help")
    citizen.presses("menu:revenue")
    assert "service:income_certificate" in {row.id for row in citizen.replies[-1].rows}
    assert all(len(row.title) <= 24 and len(row.description) <= 72 for row in citizen.replies[-1].rows)
    citizen.presses("service:income_certificate")
    assert citizen.asked == "applicant_name"


def test_deleting_asks_first_and_then_forgets_everything(citizen: Citizen) -> None:
    citizen.memory.details = {"aadhaar": "234567890124"}
    citizen.says("delete my data", "delete_data")
    assert citizen.memory.details
    citizen.presses("yes")
    assert citizen.memory == Memory(language="en")


def test_the_last_reply_is_said_again(citizen: Citizen) -> None:
    citizen.memory.said = [
        {"text": "hello", "buttons": [], "rows": [], "list_title": "", "document_url": "", "filename": ""}  # as stored
    ]
    assert citizen.says("say that again", "repeat") == "hello"


def test_a_button_of_something_finished_changes_nothing(citizen: Citizen) -> None:
    assert citizen.presses("confirm") == citizen.sentence("press_expired")
    assert citizen.presses("service:no_such_service") == citizen.sentence("press_expired")
    assert citizen.departments.asked == []


def test_the_sentence_that_opens_a_complaint_is_its_description(citizen: Citizen) -> None:
    text = "the street light near my house has been dead for three days"
    citizen.says(text, "complaint/street_light_complaint")
    assert citizen.memory.details["description"] == text and citizen.asked == "locality"


def test_details_beside_a_request_do_not_hide_it(citizen: Citizen) -> None:
    ranking = (Ranked("inform", "", 0.9), Ranked("apply", "income_certificate", 0.08), Ranked("correct", "", 0.01))
    citizen.says("my name is Ravi, Guntur, income certificate", "inform", GUNTUR, ranking=ranking)
    assert citizen.memory.form["service"] == "income_certificate"
    assert citizen.memory.details["district"] == "Guntur"


def test_a_town_answers_for_its_district(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen, until="district")
    citizen.says("Ongole", "inform", entity("place", "Ongole", kinds=["town"], district="Prakasam"))
    assert citizen.memory.details["district"] == "Prakasam"


def test_personal_details_are_not_kept_for_the_next_person_on_the_phone(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen)
    citizen.presses("confirm")
    assert citizen.memory.details["district"] == "Guntur"
    assert not {"aadhaar", "applicant_name", "mobile", "date_of_birth"} & set(citizen.memory.details)


def test_an_emergency_is_told_the_number_even_when_the_department_is_down(citizen: Citizen) -> None:
    citizen.departments.answers["energy.emergency"] = DepartmentDown("energy")
    citizen.says("a live wire fell on the road", "emergency/fallen_wire_emergency", phone="919848012345")
    assert "1912" in citizen.says("near the school, Tenali")
    assert citizen.memory.form is not None


def test_a_submission_is_tried_again_silently_and_told_when_it_works(citizen: Citizen) -> None:
    working = citizen.departments.answers["revenue.apply"]
    citizen.departments.answers["revenue.apply"] = DepartmentDown("revenue")
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen)
    citizen.presses("confirm")
    assert citizen.retry.startswith("retry:")
    assert citizen.presses(citizen.retry) == "" and citizen.retry
    citizen.departments.answers["revenue.apply"] = working
    said = citizen.presses(citizen.retry)
    assert said.startswith(citizen.sentence("saved_later", service="Income certificate")) and "IC0000123" in said
    assert "IC0000123" in citizen.says("hello", "greet"), "a web page shows it with the next reply"
    assert "IC0000123" not in citizen.says("hello", "greet")


def test_a_cancelled_submission_is_not_tried_again(citizen: Citizen) -> None:
    citizen.departments.answers["revenue.apply"] = DepartmentDown("revenue")
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen)
    citizen.presses("confirm")
    retry = citizen.retry
    citizen.presses("cancel")
    asked = len(citizen.departments.asked)
    assert citizen.presses(retry) == "" and len(citizen.departments.asked) == asked


def test_money_is_never_paid_without_the_amount_being_shown(citizen: Citizen) -> None:
    working = citizen.departments.answers["energy.bill"]
    citizen.departments.answers["energy.bill"] = DepartmentDown("energy")
    citizen.says("pay my current bill", "pay/electricity_bill_pay")
    citizen.presses("option:APSPDCL")
    citizen.says("1234567890123", "inform", entity("account", "1234567890123"))
    citizen.presses("confirm")
    citizen.says("yes", "affirm")
    assert not citizen.retry
    citizen.departments.answers["energy.bill"] = working
    assert "842.5" in citizen.presses("confirm")
    assert "energy.pay" not in [function for function, _ in citizen.departments.asked]


def test_an_emergency_does_not_wait_for_the_open_form(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    said = citizen.says("a wire has fallen on the road", "emergency/fallen_wire_emergency", confidence=0.7)
    assert "1912" in said and citizen.memory.form["service"] == "fallen_wire_emergency"
    citizen.says(
        "nizamabad bus stand", "info/bus_search", entity("place", "Nizamabad", kinds=["town"]), confidence=0.86
    )
    assert citizen.memory.details["locality"] == "nizamabad bus stand"


def test_details_of_the_sentence_that_switched_are_used(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    number = entity("account", "IC0000123")
    citizen.says("first the status of application IC0000123", "status/application_status", number, confidence=0.95)
    said = citizen.presses("yes")
    assert "{" not in said and "IC0000123" in said
    assert citizen.departments.asked[-1][1].values == {"application_number": "IC0000123"}


def test_a_district_is_corrected_by_naming_towns(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    answer_everything(citizen, until="district")
    citizen.says("Tirupati", "inform", entity("place", "Tirupati", kinds=["district", "town"], district="Tirupati"))
    old = entity("place", "Tirupati", kinds=["district", "town"], district="Tirupati")
    new = entity("place", "Nellore", kinds=["town"], district="Sri Potti Sriramulu Nellore")
    citizen.says("not Tirupati, Nellore", "info/bus_search", old, new, confidence=0.85)
    assert citizen.memory.details["district"] == "Sri Potti Sriramulu Nellore" and citizen.asked == "mandal"


def test_a_bare_name_is_no_correction(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    citizen.says("Subbarao", "correct", confidence=0.63)
    assert citizen.memory.details["applicant_name"] == "Subbarao"


def test_a_bare_name_does_not_change_the_language(citizen: Citizen) -> None:
    citizen.says("income certificate", "apply/income_certificate")
    citizen.says("Ramesh Kumar", "inform", language="hi", language_confidence=0.95, script="Latn")
    assert citizen.memory.speaks == "en"
    citizen.says("रमेश", "inform", language="hi", language_confidence=1.0, script="Deva")
    assert citizen.memory.speaks == "hi"


@pytest.mark.parametrize(("text", "intent"), [("skip", "out_of_scope"), ("no landmark", "deny")])
def test_an_optional_question_is_skipped_in_words_too(citizen: Citizen, text: str, intent: str) -> None:
    citizen.says("the street light near my house is dead", "complaint/street_light_complaint")
    citizen.says("Gandhi Nagar, Guntur")
    assert citizen.asked == "landmark"
    citizen.says(text, intent)
    assert citizen.asked == "mobile" and "landmark" not in citizen.memory.details

"""An application from the first answer to a certificate that anyone can check."""

from __future__ import annotations

from pathlib import Path

import httpx
import pypdfium2
import pytest
import yaml
import zxingcpp
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from fastapi import FastAPI

from actions.departments.results import Application, Certificate, Status, Verification
from actions.departments.sandbox import merkle, seal
from actions.errors import NotFound, Refused

pytestmark = pytest.mark.anyio

INCOME = {
    "applicant_name": "Ramesh Kolli",
    "relation_name": "Venkata Kolli",
    "aadhaar": "234567890124",
    "date_of_birth": "2001-02-03",
    "annual_income": 120000,
    "district": "Guntur",
    "mandal": "Tenali",
    "village": "Kolakaluru",
    "pincode": "522201",
    "mobile": "9876543210",
    "purpose": "Scholarship",
}


async def _approved(ask, clock, service="income_certificate", language="te", **more) -> str:
    application = await ask("revenue.apply", service, language, **INCOME | more)
    clock.forward(minutes=1)
    return application.number


async def _pdf(http: httpx.AsyncClient, certificate: Certificate) -> pypdfium2.PdfDocument:
    response = await http.get(certificate.document.url)
    assert response.headers["content-type"] == "application/pdf"
    return pypdfium2.PdfDocument(response.content)


async def test_an_application_gets_a_number_a_fee_and_a_day(ask) -> None:
    application = await ask("revenue.apply", "income_certificate", **INCOME)
    assert isinstance(application, Application)
    assert application.number[:2] == "IC" and application.number[2:].isdigit()
    assert (application.fee, application.due.isoformat()) == (35, "2026-03-17")


async def test_an_application_moves_step_by_step_to_its_approval(ask, clock) -> None:
    number = (await ask("revenue.apply", "caste_certificate", **INCOME)).number
    reached = []
    for _ in range(4):
        status = await ask("revenue.status", application_number=number)
        reached.append(status.step)
        clock.forward(seconds=20)
    assert reached == ["step_submitted", "step_verified", "step_approved", "step_approved"]
    assert status.steps == ("step_submitted", "step_verified", "step_approved")


async def test_a_certificate_is_not_there_before_the_approval(ask, clock) -> None:
    number = (await ask("revenue.apply", "income_certificate", **INCOME)).number
    early = await ask("revenue.download", application_number=number, mobile="9876543210")
    assert isinstance(early, Status) and early.step == "step_submitted"
    clock.forward(minutes=1)
    assert isinstance(await ask("revenue.download", application_number=number, mobile="9876543210"), Certificate)


async def test_an_applicant_named_rejected_gets_no_certificate(ask, clock) -> None:
    number = await _approved(ask, clock, applicant_name="Rejected")
    assert (await ask("revenue.download", application_number=number)).step == "step_rejected"


@pytest.mark.parametrize("language", ["te", "hi", "en"])
async def test_the_certificate_says_what_was_applied_for(ask, clock, http, language) -> None:
    number = await _approved(ask, clock, language=language)
    certificate = await ask("revenue.download", application_number=number)
    pages = await _pdf(http, certificate)
    assert len(pages) == 1
    page = pages[0]
    said = page.get_textpage().get_text_range()
    for part in (certificate.number, number, "Ramesh Kolli", "1,20,000", "XXXX XXXX 0124", "10-03-2026"):
        assert part in said, part
    assert INCOME["aadhaar"] not in said and INCOME["mobile"] not in said


async def test_the_longest_certificate_stays_on_one_page(ask, clock, http) -> None:
    names = {"applicant_name": "\u0c36\u0c4d\u0c30\u0c40\u0c28\u0c3f\u0c35\u0c3e\u0c38 " * 5, "sub_caste": "Padmasali"}
    more = names | {"caste": "BC_B", "purpose": "Admission to a degree college under reservation " * 2}
    number = await _approved(ask, clock, "caste_certificate", **more)
    assert len(await _pdf(http, await ask("revenue.download", application_number=number))) == 1


async def test_the_code_on_the_certificate_verifies_without_a_network_and_online(ask, clock, http) -> None:
    certificate = await ask("revenue.download", application_number=await _approved(ask, clock))
    image = (await _pdf(http, certificate))[0].render(scale=3).to_pil()
    scanned = zxingcpp.read_barcodes(image)[0].text
    public = load_pem_public_key((await http.get("/verify/public-key")).content)
    claims = seal.check(scanned, public)
    assert claims == {"n": certificate.number, "s": "income_certificate", "h": "Ramesh Kolli", "i": "2026-03-10"}
    assert (await http.get(httpx.URL(scanned).raw_path.decode())).json()["genuine"] is True


async def test_a_code_with_another_name_is_refused_everywhere(ask, clock, http) -> None:
    certificate = await ask("revenue.download", application_number=await _approved(ask, clock))
    claims = {"n": certificate.number, "s": "income_certificate", "h": "Somebody Else", "i": "2026-03-10"}
    signature = seal.Seal.__new__(seal.Seal)
    signature._key = seal.Ed25519PrivateKey.generate()
    forged = seal.address("", certificate.number, claims, signature.sign(claims))
    public = load_pem_public_key((await http.get("/verify/public-key")).content)
    assert seal.check(forged, public) is None
    assert (await http.get(forged)).json()["genuine"] is False


async def test_anyone_can_ask_whether_a_certificate_is_genuine(ask, clock) -> None:
    certificate = await ask("revenue.download", application_number=await _approved(ask, clock))
    found = await ask("revenue.verify", certificate_number=certificate.number.lower())
    assert found == Verification(certificate.number, True, "income_certificate", "Ramesh Kolli", certificate.issued)
    assert not (await ask("revenue.verify", certificate_number="CIC1111111111")).genuine


async def test_the_page_behind_the_code_speaks_three_languages(ask, clock, http) -> None:
    certificate = await ask("revenue.download", application_number=await _approved(ask, clock))
    page = (await http.get(f"/verify/{certificate.number}", headers={"Accept": "text/html"})).text
    assert certificate.number in page and all(f"<h1 lang={language}>" in page for language in ("te", "hi", "en"))


async def test_an_issued_certificate_stands_in_the_signed_log(ask, clock, http) -> None:
    numbers = [await _approved(ask, clock) for _ in range(3)]
    certificates = [await ask("revenue.download", application_number=number) for number in numbers]
    head = (await http.get("/log")).json()
    for certificate in certificates:
        proof = (await http.get(f"/verify/{certificate.number}")).json()["proof"]
        hashes = [bytes.fromhex(found) for found in proof["hashes"]]
        leaf = bytes.fromhex(proof["leaf"])
        assert merkle.included(leaf, proof["position"], head["size"], hashes, bytes.fromhex(head["root"]))
    assert head["size"] == 3


def test_the_log_forgets_and_changes_nothing(sandbox: FastAPI) -> None:
    store = sandbox.state.desk.store
    with store.transaction() as db:
        db.execute("INSERT INTO log VALUES (0, 'X', x'00')")
    for change in ("DELETE FROM log", "UPDATE log SET leaf = x'01'"):
        with pytest.raises(Exception, match="append only"), store.transaction() as db:
            db.execute(change)


async def test_the_same_certificate_comes_however_often_it_is_asked_for(ask, clock) -> None:
    number = await _approved(ask, clock)
    first = await ask("revenue.download", application_number=number)
    clock.forward(days=40)
    assert await ask("revenue.download", application_number=number) == first
    assert await ask("revenue.download", application_number=first.number) == first


async def test_a_certificate_is_not_given_to_another_mobile_number(ask, clock) -> None:
    number = await _approved(ask, clock)
    certificate = await ask("revenue.download", application_number=number)
    for known in (number, certificate.number):
        with pytest.raises(Refused, match="denied_mobile_differs"):
            await ask("revenue.download", application_number=known, mobile="9876543211")


async def test_an_unknown_number_is_not_found(ask) -> None:
    for function in ("revenue.status", "revenue.download"):
        with pytest.raises(NotFound):
            await ask(function, application_number="IC1111111111")


async def test_an_application_without_an_aadhaar_number_names_what_is_missing(ask) -> None:
    with pytest.raises(Refused) as refused:
        await ask("revenue.apply", "income_certificate", **{k: v for k, v in INCOME.items() if k != "aadhaar"})
    assert (refused.value.reason, refused.value.details) == ("denied_missing", {"field": "aadhaar"})


async def test_the_same_key_files_an_application_once(ask, sandbox: FastAPI) -> None:
    filed = [await ask("revenue.apply", "income_certificate", key="once", **INCOME) for _ in range(3)]
    assert len(set(filed)) == 1
    with pytest.raises(Refused, match="denied_key_reused"):
        await ask("revenue.apply", "income_certificate", key="once", **INCOME | {"annual_income": 1})
    with sandbox.state.desk.store.transaction() as db:
        assert db.execute("SELECT count(*) FROM cases").fetchone()[0] == 1


async def test_of_an_aadhaar_number_only_four_digits_are_kept(ask, sandbox: FastAPI, tmp_path: Path) -> None:
    await ask("revenue.apply", "income_certificate", key="k", **INCOME)
    with sandbox.state.desk.store.transaction() as db:
        kept = [str(tuple(row)) for table in ("cases", "replies") for row in db.execute(f"SELECT * FROM {table}")]
    assert not any(INCOME["aadhaar"] in row for row in kept) and "XXXX XXXX 0124" in "".join(kept)


async def test_state_outlives_the_server(ask, clock, sandbox: FastAPI, tmp_path: Path) -> None:
    from actions.departments.sandbox.app import create_app

    certificate = await ask("revenue.download", application_number=await _approved(ask, clock))
    again = create_app(sandbox.state.desk.settings, clock)
    transport = httpx.ASGITransport(again)
    async with httpx.AsyncClient(transport=transport, base_url="http://departments.test") as http:
        found = (await http.get(f"/verify/{certificate.number}")).json()
        assert found["genuine"] is True
        assert (await http.get(certificate.document.url)).status_code == 200
    assert again.state.desk.seal.public_pem() == sandbox.state.desk.seal.public_pem()
    assert (tmp_path / "departments.key").stat().st_mode & 0o077 == 0


async def test_a_registered_birth_has_one_certificate(ask) -> None:
    birth = {
        "town": "Tenali",
        "child_date_of_birth": "2015-05-06",
        "gender": "female",
        "father_name": "Suresh Babu",
        "mother_name": "Padma Rani",
    }
    first = await ask("municipal.birth_certificate", **birth)
    assert await ask("municipal.birth_certificate", **birth) == first
    assert (await ask("revenue.verify", certificate_number=first.number)).service == "birth_certificate"
    with pytest.raises(NotFound):
        await ask("municipal.birth_certificate", **birth | {"child_date_of_birth": "2015-01-01"})
    with pytest.raises(Refused, match="denied_future_date"):
        await ask("municipal.birth_certificate", **birth | {"child_date_of_birth": "2027-05-06"})


async def test_a_water_connection_is_followed_to_the_tap(ask, clock) -> None:
    wanted = {"assessment_number": "1016000123", "connection_type": "domestic", "persons": 4, "mobile": "9876543210"}
    number = (await ask("municipal.apply_water", "water_new_connection", **wanted)).number
    clock.forward(hours=1)
    assert (await ask("revenue.status", application_number=number)).step == "step_connected"


async def test_a_relief_claim_is_followed_to_the_bank(ask, clock) -> None:
    claim = {
        "patient_name": "Sita Devi",
        "aadhaar": "234567890124",
        "hospital": "Government General Hospital",
        "disease": "Heart surgery",
        "bill_amount": 250000,
        "bank_account": "12345678901",
        "ifsc": "SBIN0001234",
        "mobile": "9876543210",
    }
    application = await ask("cmrf.apply", "cmrf_apply", **claim)
    assert application.number.startswith("CM") and application.fee == 0
    assert (await ask("cmrf.status", cmrf_number=application.number)).step == "step_submitted"
    clock.forward(hours=1)
    assert (await ask("cmrf.status", cmrf_number=application.number)).step == "step_credited"


def test_sentences_of_papers_have_the_same_placeholders_in_three_languages() -> None:
    import re

    path = Path(__file__).parents[3] / "nlu_data" / "talk" / "certificates.yml"
    for key, texts in yaml.safe_load(path.read_text("utf-8"))["sentences"].items():
        assert set(texts) == {"te", "hi", "en"}, key
        assert len({frozenset(re.findall(r"{\w+}", text)) for text in texts.values()}) == 1, key

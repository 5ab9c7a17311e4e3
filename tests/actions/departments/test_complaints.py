"""Complaints have an office and a deadline, dangers a number to call, canteens a way to them, any service an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.departments.results import Application, Booking, Certificate, Complaint, Information, Status
from actions.errors import NotFound, Refused

pytestmark = pytest.mark.anyio

GUNTUR = {"latitude": 16.306, "longitude": 80.436}


@pytest.mark.parametrize("locality", ["Brodipet 4th lane, Guntur", GUNTUR])
async def test_a_dark_street_is_the_wards_for_a_day(ask, clock, locality) -> None:
    report = {"locality": locality, "landmark": "Near the temple", "description": "Dark", "mobile": "9876543210"}
    complaint = await ask("municipal.complain", "street_light_complaint", **report)
    assert isinstance(complaint, Complaint)
    assert complaint.deadline == clock() + timedelta(hours=24)
    assert "Ward" in complaint.office and complaint.helpline == ""
    status = await ask("municipal.complaint_status", complaint_number=complaint.number)
    assert (status.service, status.step) == ("street_light_complaint", "step_registered")
    clock.forward(minutes=5)
    assert (await ask("municipal.complaint_status", complaint_number=complaint.number)).step == "step_resolved"


async def test_the_same_place_is_always_the_same_wards(ask) -> None:
    offices = {(await ask("municipal.complain", "street_light_complaint", locality=GUNTUR)).office for _ in range(3)}
    assert len(offices) == 1


async def test_no_power_is_mended_in_four_hours_and_gives_1912(ask, clock) -> None:
    report = {"discom": "APCPDCL", "service_number": "1234567890123", "mobile": "9876543210"}
    complaint = await ask("energy.complain", "power_outage_complaint", **report)
    assert complaint.deadline - clock() == timedelta(hours=4)
    assert (complaint.helpline, complaint.advice) == ("1912", "advice_outage")
    assert complaint.office.startswith("APCPDCL")


async def test_a_fallen_wire_needs_only_a_place(ask) -> None:
    complaint = await ask("energy.emergency", "fallen_wire_emergency", locality=GUNTUR)
    assert (complaint.helpline, complaint.advice) == ("1912", "advice_fallen_wire")
    with pytest.raises(Refused, match="denied_missing"):
        await ask("energy.emergency", "fallen_wire_emergency", mobile="9876543210")


async def test_an_unknown_complaint_is_not_found(ask) -> None:
    with pytest.raises(NotFound):
        await ask("municipal.complaint_status", complaint_number="MC1111111111")


async def test_canteens_of_a_town_come_first_and_those_near_a_point_nearest_first(ask) -> None:
    in_tenali = (await ask("anna_canteens.nearest", town="Tenali")).rows
    assert [row[0].value.endswith("Tenali") for row in in_tenali] == [True, True, False]
    near = await ask("anna_canteens.nearest", town=GUNTUR)
    assert isinstance(near, Information)
    distances = [float(fact.value.split()[0]) for row in near.rows for fact in row if fact.label == "fact_distance"]
    assert distances == sorted(distances) and distances[0] < 5
    labels = [fact.label for fact in near.rows[0]]
    assert {"fact_breakfast", "fact_lunch", "fact_dinner", "fact_meal_price"} <= set(labels)
    with pytest.raises(NotFound):
        await ask("anna_canteens.nearest", town="Atlantis")


async def test_a_menu_is_read_in_the_citizens_language(ask) -> None:
    menus = {
        fact.value
        for language in ("te", "hi", "en")
        for fact in (await ask("anna_canteens.nearest", language=language, town="Guntur")).rows[0]
        if fact.label == "fact_lunch"
    }
    assert len(menus) == 3 and any("sambar" in menu for menu in menus)


async def test_any_service_comes_to_its_end(ask, clock, http) -> None:
    form = {"district": "Guntur", "applicant_name": "Ramesh", "aadhaar": "234567890124", "survey_no": "123/4A"}
    filed = await ask("generic.apply", "pattadar_passbook", **form)
    assert isinstance(filed, Application)
    early = await ask("generic.download", "certificate_download", application_number=filed.number)
    assert isinstance(early, Status) and early.service == "pattadar_passbook"
    clock.forward(minutes=2)
    issued = await ask("generic.download", "certificate_download", application_number=filed.number)
    at_once = await ask("generic.download", "adangal_extract", **form)
    assert isinstance(issued, Certificate) and isinstance(at_once, Certificate)
    for certificate in (issued, at_once):
        assert (await http.get(certificate.document.url)).content.startswith(b"%PDF")
        assert (await ask("revenue.verify", certificate_number=certificate.number)).genuine
    assert isinstance(await ask("generic.book", "museum_visit", visit_date="2026-03-14", persons=2), Booking)
    complaint = await ask("generic.complain", "ration_shop_complaint", locality=GUNTUR)
    assert (await ask("generic.status", complaint_number=complaint.number)).step == "step_registered"
    assert (await ask("generic.emergency", "fire_emergency", locality=GUNTUR)).helpline == "112"
    assert (await ask("generic.info", "office_info", town="Tenali")).rows
    price = await ask("generic.price", "museum_visit", persons=2)
    assert price.total == sum(line.amount for line in price.lines)

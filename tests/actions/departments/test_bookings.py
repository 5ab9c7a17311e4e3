"""Seats, slots and rooms run out and are never sold twice."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.departments.results import Booking
from actions.departments.sandbox import capacity
from actions.departments.sandbox.app import create_app
from actions.departments.sandbox.desk import Counter
from actions.departments.sandbox.refusal import Refusal
from actions.departments.sandbox.settings import Settings
from actions.departments.sandbox.timetable import buses
from actions.departments.sandbox.towns import road_km, towns
from actions.errors import NotFound, Refused, SoldOut

pytestmark = pytest.mark.anyio

ROUTE = {"from_stop": "Vijayawada", "to_stop": "Hyderabad", "travel_date": "2026-03-14"}
PASSENGER = {"passenger_name": "Sita", "passenger_age": 33, "passenger_gender": "female", "mobile": "9876543210"}
DEVOTEE = {"devotee_name": "Sita", "aadhaar": "234567890124", "mobile": "9876543210"}


async def _book(ask, offer, at=0, seats=2, key="") -> Booking:
    options = await offer("apsrtc.buses", **ROUTE)
    return await ask("apsrtc.book", key=key, bus=options[at].id, seats=seats, **ROUTE | PASSENGER)


async def test_buses_are_searched_chosen_priced_and_booked(ask, offer, http) -> None:
    options = await offer("apsrtc.buses", **ROUTE)
    rows = (await ask("apsrtc.search", **ROUTE)).rows
    assert len(rows) == len(options) >= 5
    fare = await ask("apsrtc.fare", bus=options[0].id, seats=2, **ROUTE)
    assert fare.total == sum(line.amount for line in fare.lines)
    ticket = await ask("apsrtc.book", bus=options[0].id, seats=2, **ROUTE | PASSENGER)
    assert ticket.amount == fare.total and set(fare.facts) < set(ticket.facts)
    assert (await http.get(ticket.document.url)).content.startswith(b"%PDF")


async def test_rows_fit_a_whatsapp_list_in_every_language(offer) -> None:
    slot = {"temple": "kanaka_durga", "darshan_type": "free", "visit_date": "2026-03-14"}
    lists = [
        await offer("apsrtc.buses", **ROUTE),
        await offer("apsrtc.buses", **ROUTE | {"to_stop": "Mumbai"}),
        *[await offer("endowments.darshans", temple=t) for t in ("srisailam", "annavaram", "yadadri")],
        await offer("endowments.slots", **slot),
        await offer("endowments.rooms", temple="simhachalam", check_in="2026-03-14", nights=2),
    ]
    for options in lists:
        assert 1 <= len(options) <= 9
        for option in options:
            assert set(option.title) == set(option.description) == {"te", "hi", "en"}
            assert all(len(text) <= 24 for text in option.title.values())
            assert all(len(text) <= 72 for text in option.description.values())


async def test_the_last_bus_has_two_seats_and_sells_two_to_ten_who_try_at_once(ask, offer) -> None:
    last = (await offer("apsrtc.buses", **ROUTE))[-1]
    tries = [ask("apsrtc.book", bus=last.id, seats=1, **ROUTE | PASSENGER) for _ in range(10)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Booking) for answer in answers) == 2
    assert sum(isinstance(answer, SoldOut) for answer in answers) == 8
    assert last.id not in [option.id for option in await offer("apsrtc.buses", **ROUTE)]
    with pytest.raises(SoldOut):
        await ask("apsrtc.fare", bus=last.id, seats=1, **ROUTE)


async def test_the_same_key_books_once(ask, offer) -> None:
    assert len({(await _book(ask, offer, key="one")).number for _ in range(3)}) == 1


@pytest.mark.parametrize(("hours", "share"), [(72, 10), (20, 25), (2, 50)])
async def test_a_cancelled_ticket_gives_its_seats_and_most_of_its_money_back(ask, offer, clock, hours, share) -> None:
    ticket = await _book(ask, offer, at=-1)
    departs = next(bus for bus in buses("Vijayawada", "Hyderabad", date(2026, 3, 14), clock()) if bus.places == 2)
    clock.time = departs.departs - timedelta(hours=hours)
    quote = await ask("apsrtc.refund", ticket_number=ticket.number, mobile="9876543210")
    assert quote.total == departs.fare * 2 - round(departs.fare * 2 * share / 100)
    receipt = await ask("apsrtc.cancel", ticket_number=ticket.number, mobile="9876543210")
    assert (receipt.amount, receipt.refund) == (quote.total, True)
    assert (await offer("apsrtc.buses", **ROUTE))[-1].id == departs.number
    with pytest.raises(Refused, match="denied_already_cancelled"):
        await ask("apsrtc.cancel", ticket_number=ticket.number, mobile="9876543210")


async def test_a_ticket_is_cancelled_by_its_owner_before_the_bus_leaves(ask, offer, clock) -> None:
    ticket = await _book(ask, offer)
    with pytest.raises(Refused, match="denied_mobile_differs"):
        await ask("apsrtc.cancel", ticket_number=ticket.number, mobile="9876543211")
    clock.forward(days=6)
    with pytest.raises(Refused, match="denied_departed"):
        await ask("apsrtc.cancel", ticket_number=ticket.number, mobile="9876543210")
    with pytest.raises(NotFound):
        await ask("apsrtc.refund", ticket_number="BT1111111111")


async def test_days_that_cannot_be_travelled_are_refused(offer) -> None:
    for day, reason in (("2026-03-09", "denied_past_date"), ("2026-06-09", "denied_too_far_ahead")):
        with pytest.raises(Refused, match=reason):
            await offer("apsrtc.buses", **ROUTE | {"travel_date": day})
    with pytest.raises(Refused, match="denied_same_place"):
        await offer("apsrtc.buses", **ROUTE | {"to_stop": " VIJAYAWADA"})


async def test_buses_that_have_left_today_are_not_offered(offer, clock) -> None:
    today = ROUTE | {"travel_date": clock().date().isoformat()}
    assert all(option.title["en"][:5] > "10:00" for option in await offer("apsrtc.buses", **today))


@given(st.sampled_from(sorted(towns())), st.sampled_from(sorted(towns())), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_between_any_two_towns_there_are_buses_that_arrive_after_they_leave(origin, destination, ahead) -> None:
    from datetime import datetime

    from actions.departments.sandbox.desk import INDIA

    now = datetime(2026, 3, 10, 10, 0, tzinfo=INDIA)
    if towns()[origin] == towns()[destination] and origin == destination:
        return
    found = buses(origin, destination, now.date() + timedelta(days=ahead), now)
    assert 5 <= len(found) <= 9
    assert len({bus.number for bus in found}) == len(found)
    assert all(bus.departs < bus.arrives and bus.fare >= 15 and 0 < bus.places <= bus.seats for bus in found)
    assert road_km(origin, destination) == road_km(destination, origin)


def test_vijayawada_to_hyderabad_is_about_as_far_as_it_is() -> None:
    assert 250 <= road_km("Vijayawada", "Hyderabad") <= 350
    assert 20 <= road_km("guntur", "TENALI") <= 40


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans()), max_size=25), st.integers(0, 12))
@settings(max_examples=25, deadline=None)
def test_no_run_of_bookings_and_cancellations_oversells(orders, places) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = create_app(Settings(var=Path(folder))).state.desk
        at, held = Counter(desk, "apsrtc", "en", "", "/"), {}
        for units, cancel in orders:
            with desk.store.transaction() as db:
                if cancel and held:
                    number = next(iter(held))
                    capacity.release(db, number, at.now)
                    del held[number]
                try:
                    held[capacity.hold(db, at, "BT", {"bus": places}, units, 0, {})] = units
                except Refusal as refusal:
                    assert refusal.code == "sold_out" and sum(held.values()) + units > places
                assert capacity.left(db, "bus", places) == places - sum(held.values()) >= 0


async def test_a_darshan_is_chosen_priced_and_booked(ask, offer, http) -> None:
    visit = {"temple": "srisailam", "visit_date": "2026-03-14"}
    kinds = {option.id: option.description["en"] for option in await offer("endowments.darshans", temple="Srisailam")}
    assert kinds["seegra"] == "\u20b9150 a person" and kinds["free"] == "Free of charge"
    visit |= {"darshan_type": "seegra"}
    visit |= {"darshan_slot": (await offer("endowments.slots", **visit))[0].id, "persons": 3}
    price = await ask("endowments.darshan_price", **visit)
    ticket = await ask("endowments.book_darshan", **visit | DEVOTEE)
    assert price.total == ticket.amount == 450
    assert (await http.get(ticket.document.url)).content.startswith(b"%PDF")


async def test_the_last_darshan_slot_takes_two_people(ask, offer) -> None:
    visit = {"temple": "annavaram", "visit_date": "2026-03-14", "darshan_type": "free"}
    last = (await offer("endowments.slots", **visit))[-1].id
    with pytest.raises(SoldOut):
        await ask("endowments.book_darshan", darshan_slot=last, persons=3, **visit | DEVOTEE)
    await ask("endowments.book_darshan", darshan_slot=last, persons=2, **visit | DEVOTEE)
    assert last not in [option.id for option in await offer("endowments.slots", **visit)]


async def test_a_room_is_held_for_every_night_or_for_none(ask, offer, sandbox: FastAPI) -> None:
    stay = {"temple": "penuganchiprolu", "room_type": "dormitory", "persons": 2}
    await ask("endowments.book_room", check_in="2026-03-15", nights=1, **stay | DEVOTEE)
    with pytest.raises(SoldOut):
        await ask("endowments.book_room", check_in="2026-03-14", nights=2, **stay | DEVOTEE)
    free = await offer("endowments.rooms", temple="penuganchiprolu", check_in="2026-03-14", nights=1)
    assert "dormitory" in [option.id for option in free]
    both = await offer("endowments.rooms", temple="penuganchiprolu", check_in="2026-03-14", nights=2)
    assert "dormitory" not in [option.id for option in both]


async def test_rooms_cost_rent_and_a_deposit_for_at_most_two_nights(ask) -> None:
    stay = {"temple": "kanaka_durga", "room_type": "ac", "check_in": "2026-03-14", "persons": 2}
    price = await ask("endowments.room_price", nights=2, **stay)
    assert [(line.code, line.amount) for line in price.lines] == [
        ("line_room_rent", 2400),
        ("line_caution_deposit", 1000),
    ]
    assert (await ask("endowments.book_room", nights=2, **stay | DEVOTEE)).amount == 3400
    with pytest.raises(Refused) as refused:
        await ask("endowments.room_price", nights=3, **stay)
    assert refused.value.details == {"field": "nights"}


async def test_a_temple_is_known_by_its_id_and_its_names_only(offer) -> None:
    for name in ("kanaka_durga", "Kanaka Durga Temple", "vijayawada kanaka durga"):
        assert await offer("endowments.darshans", temple=name)
    with pytest.raises(NotFound):
        await offer("endowments.darshans", temple="Tirumala")

"""Bills stay the same and are paid once."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.departments.results import Bill, Receipt
from actions.departments.sandbox.desks.energy import energy_charges
from actions.departments.sandbox.drawing import grouped
from actions.errors import NotFound, NothingDue, Refused

pytestmark = pytest.mark.anyio

BILLS = [
    ("energy.bill", "energy.pay", {"discom": "APSPDCL"}, "service_number", "1234567890123"),
    ("municipal.property_tax", "municipal.pay_property_tax", {}, "assessment_number", "1016000123"),
    ("generic.bill", "generic.pay", {}, "consumer_number", "1016000123"),
]
each_bill = pytest.mark.parametrize(("fetch", "pay", "values", "slot", "number"), BILLS)


@each_bill
async def test_a_bill_adds_up_and_stays_the_same(ask, clock, fetch, pay, values, slot, number) -> None:
    bill = await ask(fetch, **values | {slot: number})
    assert isinstance(bill, Bill) and bill.account == number
    assert bill.total == sum(line.amount for line in bill.lines) > 0
    assert bill.due >= clock().date() and bill.holder
    assert await ask(fetch, **values | {slot: number}) == bill


@each_bill
async def test_a_bill_is_paid_once_however_many_pay_at_once(ask, fetch, pay, values, slot, number) -> None:
    due = (await ask(fetch, **values | {slot: number})).total
    paying = [ask(pay, key=f"payer-{i}", **values | {slot: number}) for i in range(8)]
    paid = await asyncio.gather(*paying, return_exceptions=True)
    receipts = [answer for answer in paid if isinstance(answer, Receipt)]
    assert [(r.amount, r.account) for r in receipts] == [(due, number)]
    assert sum(isinstance(answer, NothingDue) for answer in paid) == 7
    with pytest.raises(NothingDue):
        await ask(fetch, **values | {slot: number})


@each_bill
async def test_the_same_key_gets_the_same_receipt(ask, fetch, pay, values, slot, number) -> None:
    paying = [ask(pay, key="one payer", **values | {slot: number}) for _ in range(6)]
    assert len(set(await asyncio.gather(*paying))) == 1


@each_bill
async def test_numbers_that_end_in_0_owe_nothing_and_in_99_are_unknown(ask, fetch, pay, values, slot, number) -> None:
    for function in (fetch, pay):
        with pytest.raises(NothingDue):
            await ask(function, **values | {slot: number[:-1] + "0"})
        with pytest.raises(NotFound):
            await ask(function, **values | {slot: number[:-2] + "99"})


async def test_the_next_month_brings_a_new_bill(ask, clock) -> None:
    account = {"discom": "TGSPDCL", "service_number": "123456781"}
    await ask("energy.pay", **account)
    clock.forward(days=31)
    assert (await ask("energy.bill", **account)).total > 0


async def test_any_well_formed_number_has_a_bill(ask) -> None:
    source = random.Random(7)
    for digits in (9, 13, 16):
        for _ in range(10):
            number = str(source.randrange(10 ** (digits - 2), 10 ** (digits - 1))) + "7"
            bill = await ask("energy.bill", discom="APEPDCL", service_number=number)
            assert 25 < bill.total < 6000


async def test_a_number_that_is_none_is_refused(ask) -> None:
    for number in ("abc", "12", "\u0c67\u0c68\u0c69\u0c6a\u0c6b\u0c6c"):
        with pytest.raises(Refused, match="denied_service_number"):
            await ask("energy.bill", service_number=number)


async def test_a_receipt_is_a_paper_to_keep(ask, http) -> None:
    receipt = await ask("energy.pay", discom="APSPDCL", service_number="1234567890123")
    assert (await http.get(receipt.document.url)).content.startswith(b"%PDF")
    assert (await http.get(receipt.document.url.replace(".pdf", "x.pdf"))).status_code == 404


async def test_a_gift_of_any_amount_is_taken(ask) -> None:
    receipt = await ask("generic.pay", "cmrf_donate", amount=501)
    assert (receipt.amount, receipt.account) == (501, "cmrf_donate")
    with pytest.raises(Refused, match="denied_value"):
        await ask("generic.pay", "cmrf_donate", amount="-5")


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_more_units_never_cost_less(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert energy_charges(low) <= energy_charges(high)


@given(st.integers(0, 10**12))
def test_grouping_keeps_every_digit(amount: int) -> None:
    text = grouped(amount)
    assert text.replace(",", "") == str(amount)
    assert [len(group) for group in text.split(",")][1:] == [2] * (text.count(",") - 1) + [3] * bool(text.count(","))

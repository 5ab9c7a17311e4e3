"""A department's answer as messages: one function per kind of result, sentences from `nlu_data`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import singledispatchmethod
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from actions.catalog import Catalog, Slot, pick
from actions.departments.results import (
    Application,
    Bill,
    Booking,
    Certificate,
    Complaint,
    Document,
    Fact,
    Information,
    Line,
    Receipt,
    Status,
    Verification,
)
from actions.replies import Reply

INDIA = ZoneInfo("Asia/Kolkata")
PARTS_OF_THE_DAY = {"part_morning": 12, "part_afternoon": 16, "part_evening": 20, "part_night": 24}
"""The sentence of each part of the day and the hour at which it ends."""

LOCALES = {"te": "te_IN", "hi": "hi_IN", "en": "en_IN"}


def rupees(amount: Decimal | int) -> str:
    """1234567 -> 12,34,567; paise only when there are any."""
    return format_decimal(amount, format="#,##,##0.##", locale="en_IN")


def day(value: date, language: str) -> str:
    """A date as the language writes it: 5 August 2026."""
    return format_date(value, "d MMMM y", locale=LOCALES[language])


def masked(slot: Slot, value: str) -> str:
    """Aadhaar and account numbers show their last four digits only."""
    return "XXXX XXXX " + value[-4:] if slot.check in {"aadhaar", "account"} and slot.personal else value


class Presenter:
    """Words for values and results in one language."""

    def __init__(self, catalog: Catalog, language: str, service: str) -> None:
        self.catalog, self.language, self.service = catalog, language, service

    def say(self, key: str, **values: object) -> str:
        """A sentence in the presenter's language."""
        return self.catalog.say(key, self.language, **values)

    def moment(self, value: datetime) -> str:
        """A date and a time of day in India, with its part of the day: morning, afternoon, evening, night."""
        local = value.astimezone(INDIA)
        part = next(part for part, until in PARTS_OF_THE_DAY.items() if local.hour < until)
        clock = f"{(local.hour - 1) % 12 + 1}:{local.minute:02}"
        time = self.say("time_of_day", part=self.say(part), time=clock)
        return self.say("moment", date=day(local.date(), self.language), time=time)

    def value(self, slot: Slot, value: Any, options: Mapping[str, str] | None = None) -> str:
        """A checked value as the citizen reads it."""
        names = {choice.id: choice.name for choice in slot.choices}
        if value in names:
            return pick(names[value], self.language)
        if options and value in options:
            return options[value]
        if slot.check in {"place", "locality"} and value in self.catalog.places:
            return pick(self.catalog.places[value], self.language)
        if isinstance(value, dict):
            return f"{value['latitude']:.5f}, {value['longitude']:.5f}"
        if slot.check in {"past_date", "future_date"}:
            return day(date.fromisoformat(value), self.language)
        if slot.check == "rupees":
            return f"\N{INDIAN RUPEE SIGN}{rupees(value)}"
        return masked(slot, str(value))

    @singledispatchmethod
    def result(self, result: Any) -> Reply:
        """The message for a department's answer."""
        raise TypeError(f"no message for {type(result).__name__}")

    @result.register
    def _(self, result: Application) -> Reply:
        key = "result_application" if result.fee else "result_application_free"
        due, fee = day(result.due, self.language), rupees(result.fee)
        text = self.say(key, service=self._name(), number=result.number, date=due, fee=fee)
        return Reply(f"{text}\n{self.say('result_next_step', number=result.number)}")

    @result.register
    def _(self, result: Status) -> Reply:
        lines = [
            self.say(
                "result_status",
                number=result.number,
                service=self._name(result.service),
                step=self.say(result.step),
                date=self.moment(result.updated),
            )
        ]
        reached = result.steps.index(result.step) if result.step in result.steps else -1
        lines += [
            ("\N{WHITE HEAVY CHECK MARK} " if i <= reached else "\N{WHITE CIRCLE} ") + self.say(step)
            for i, step in enumerate(result.steps)
        ]
        if result.due:
            lines.append(self.say("status_due", date=self.moment(result.due)))
        return self._with(result.document, lines)

    @result.register
    def _(self, result: Bill) -> Reply:
        key = "result_bill" if result.holder else "result_bill_no_name" if result.account else "result_quote"
        head = self.say(key, account=result.account, holder=result.holder, total=rupees(result.total))
        due = [self.say("bill_due", date=day(result.due, self.language))] if result.due else []
        return Reply("\n".join([*self._facts(result.facts), *self._lines(result.lines), head, *due]))

    def refund(self, bill: Bill) -> str:
        """What a cancellation would give back."""
        return "\n".join([*self._lines(bill.lines), self.say("result_refund_quote", total=rupees(bill.total))])

    @result.register
    def _(self, result: Receipt) -> Reply:
        key = "result_refund" if result.refund else "result_receipt"
        text = self.say(
            key,
            number=result.number,
            amount=rupees(result.amount),
            account=result.account,
            date=self.moment(result.paid_at),
        )
        return self._with(result.document, [text])

    @result.register
    def _(self, result: Booking) -> Reply:
        key = "result_booking" if result.amount else "result_booking_free"
        text = self.say(key, number=result.number, amount=rupees(result.amount))
        return self._with(result.document, [text, *self._facts(result.facts)])

    @result.register
    def _(self, result: Complaint) -> Reply:
        known = self.catalog.services.get(self.service)
        key = "result_emergency" if known and known.kind == "emergency" else "result_complaint"
        lines = [self.say(key, number=result.number, deadline=self.moment(result.deadline), helpline=result.helpline)]
        return Reply("\n".join([*lines, *([self.say(result.advice)] if result.advice else [])]))

    @result.register
    def _(self, result: Certificate) -> Reply:
        return self._with(
            result.document,
            [self.say("result_certificate", number=result.number, date=day(result.issued, self.language))],
        )

    @result.register
    def _(self, result: Verification) -> Reply:
        if not result.genuine:
            return Reply(self.say("result_not_genuine", number=result.number))
        issued = day(result.issued, self.language) if result.issued else ""
        return Reply(
            self.say(
                "result_verified",
                number=result.number,
                service=self._name(result.service),
                holder=result.holder,
                date=issued,
            )
        )

    @result.register
    def _(self, result: Information) -> Reply:
        if not result.rows:
            return Reply(self.say("result_information_none", service=self._name()))
        return Reply("\n\n".join("\n".join(self._facts(row)) for row in result.rows))

    def _facts(self, facts: tuple[Fact, ...]) -> list[str]:
        return [self.say("summary_line", label=self.say(f.label), value=self._word(f.value)) for f in facts]

    def _word(self, value: str) -> str:
        return self.say(value) if value in self.catalog.sentences else value

    def _lines(self, lines: tuple[Line, ...]) -> list[str]:
        return [self.say("bill_line", label=self.say(line.code), amount=rupees(line.amount)) for line in lines]

    def _with(self, document: Document | None, lines: list[str]) -> Reply:
        if document is None:
            return Reply("\n".join(lines))
        return Reply("\n".join(lines), document_url=document.url, filename=document.filename)

    def _name(self, service: str = "") -> str:
        known = self.catalog.services.get(service or self.service)
        return pick(known.name, self.language) if known else service

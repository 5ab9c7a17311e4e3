"""The end of the form: the summary, the department's answer, and what is done when it refuses or is silent."""

from __future__ import annotations

from dataclasses import asdict, replace

from actions import talk
from actions.catalog import Service, Slot, pick
from actions.departments.results import Application, Bill, Booking, Result, Status
from actions.errors import DepartmentDown, MitraError, NotFound, NothingDue, Refused, SoldOut
from actions.exchange import Exchange
from actions.form import CONFIRMED_KINDS, Form, missing
from actions.present import rupees
from actions.questions import ask, request
from actions.replies import Reply

IDENTIFYING = frozenset({"account", "application_number", "ticket", "place"})
MENDABLE = {
    "denied_past_date": frozenset({"future_date"}),
    "denied_too_far_ahead": frozenset({"future_date"}),
    "denied_departed": frozenset({"future_date"}),
    "denied_mobile_differs": frozenset({"mobile"}),
}
"""The checks of the slot to ask again when a department refuses for a reason."""

WRITES_FIRST = frozenset({"whatsapp"})
"""Channels on which Mitra can write without being written to; on others news waits for the next message."""

EMERGENCY_NUMBER = "112"
NOT_FOUND = {
    "application_number": "application",
    "complaint_number": "complaint",
    "ticket_number": "ticket",
    "temple_booking_number": "ticket",
}


async def complete(exchange: Exchange, form: Form, service: Service) -> None:
    if service.kind not in CONFIRMED_KINDS:
        return await submit(exchange, form, service)
    bill: Result | None = None
    if service.quote:
        try:
            bill = await exchange.departments.call(service.quote, request(exchange, form))
        except MitraError as error:
            return await failed(exchange, form, error)
    _summarise(exchange, form, service, bill)


def _summarise(exchange: Exchange, form: Form, service: Service, bill: Result | None) -> None:
    presenter, details = exchange.presenter(service.id), exchange.memory.details
    known = [exchange.catalog.slots[s] for s in service.collect if details.get(s) is not None]
    lines = [
        exchange.words("summary_line", label=exchange.label(s), value=presenter.value(s, details[s.id], form.titles))
        for s in known
    ]
    parts = [exchange.words("summary", service=exchange.name(service)), *lines, ""]
    exchange.memory.form = replace(form, stage="confirm", asked="").store()
    if isinstance(bill, Bill) and service.kind in {"pay", "book"} and bill.total:
        parts += [presenter.result(bill).text, "", exchange.words("pay_confirm", amount=rupees(bill.total))]
        confirm = "button_pay"
    else:
        parts += [presenter.refund(bill), ""] if isinstance(bill, Bill) else []
        parts += [exchange.words("summary_confirm")]
        confirm = "button_confirm"
    exchange.ask("\n".join(parts), ("confirm", confirm), ("change", "button_change"), ("cancel", "button_cancel"))


async def submit(exchange: Exchange, form: Form, service: Service) -> None:
    try:
        result = await exchange.departments.call(service.submit, request(exchange, form))
    except MitraError as error:
        return await failed(exchange, form, error)
    if service.kind == "download" and isinstance(result, Status):
        exchange.say("certificate_pending", step=exchange.words(result.step), number=result.number)
    else:
        exchange.replies.append(exchange.presenter(service.id).result(result))
    _remember(exchange, result)
    close(exchange)
    talk.offer_parked(exchange)


def _remember(exchange: Exchange, result: Result) -> None:
    """A number just given is the one a citizen asks about next."""
    names = {Application: "application_number", Booking: "ticket_number"}
    name = names.get(type(result))
    if name and isinstance(result, Application | Booking):
        exchange.memory.details = {**exchange.memory.details, name: result.number}


async def failed(exchange: Exchange, form: Form, error: MitraError) -> None:
    """Tells what a department refused, and goes back to the question that can mend it; nothing collected is lost."""
    service = exchange.catalog.services[form.service]
    if isinstance(error, DepartmentDown):
        return _down(exchange, form, service)
    if isinstance(error, NothingDue):
        close(exchange)
        return exchange.say("result_nothing_due", account=exchange.memory.details.get(service.collect[-1], ""))
    again = _mendable(exchange, service, error)
    _explain(exchange, error, again)
    if not again:
        return close(exchange)
    exchange.memory.details = {k: v for k, v in exchange.memory.details.items() if k != again}
    await ask(exchange, form, exchange.catalog.slots[again], service)


def _down(exchange: Exchange, form: Form, service: Service) -> None:
    """Nothing is lost: a submission is tried again by itself, a question when the citizen says so."""
    complete = not missing(service, exchange.memory.details, form)
    submitting = complete and (form.stage == "confirm" or service.kind == "emergency")
    exchange.memory.form = replace(form, stage="confirm" if submitting else "collect", asked="").store()
    department = pick(exchange.catalog.departments[service.department].name, exchange.language)
    key = "submit_failed_kept" if submitting else "department_down"
    exchange.retry = f"retry:{form.key}" if submitting else ""
    text = exchange.words(key, service=exchange.name(service), department=department)
    if service.kind == "emergency":
        text = f"{exchange.words('emergency_first', helpline=service.helpline or EMERGENCY_NUMBER)}\n{text}"
    exchange.ask(text, ("confirm", "button_try_again"), ("cancel", "button_cancel"))


async def retry(exchange: Exchange, key: str) -> None:
    """Submits once more what a department could not take; silent until it does."""
    form = Form.read(exchange.memory.form) if exchange.memory.form else None
    if not form or form.key != key or form.stage != "confirm":
        return
    service = exchange.catalog.services[form.service]
    await submit(exchange, form, service)
    if exchange.retry:
        exchange.replies.clear()
    else:
        exchange.replies.insert(0, Reply(exchange.words("saved_later", service=exchange.name(service))))
    if exchange.replies and exchange.turn.channel not in WRITES_FIRST:
        exchange.memory.news = [asdict(reply) for reply in exchange.replies]


def _explain(exchange: Exchange, error: MitraError, slot: str) -> None:
    if isinstance(error, Refused):
        known = error.reason in exchange.catalog.sentences
        return exchange.say(error.reason if known else "refused_generic", **error.details)
    if not isinstance(error, NotFound):
        return exchange.say("sold_out")
    check_name = exchange.catalog.slots[slot].check if slot else ""
    kind = NOT_FOUND.get(slot) or ("account" if check_name == "account" else "")
    exchange.say(f"not_found_{kind}" if kind else "not_found", value=exchange.memory.details.get(slot, ""))


def _mendable(exchange: Exchange, service: Service, error: MitraError) -> str:
    """The slot to ask again: the number that was not found, the day that was sold out, what was refused."""
    wanted = {"future_date"} if isinstance(error, SoldOut) else MENDABLE.get(getattr(error, "reason", ""), IDENTIFYING)
    given = [s for s in service.collect if s in exchange.memory.details]
    return next((s for s in given if exchange.catalog.slots[s].check in wanted), "")


def close(exchange: Exchange) -> None:
    """Ends the form. Numbers and places stay for the next service; personal details do not: phones are shared."""
    memory = exchange.memory
    memory.form = None
    memory.details = {name: value for name, value in memory.details.items() if _stays(exchange.catalog.slots.get(name))}


def _stays(slot: Slot | None) -> bool:
    return slot is not None and not slot.once and not slot.personal

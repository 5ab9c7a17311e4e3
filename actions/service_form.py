"""The one form: asks what the service's file says, checks the answers, confirms a summary and submits.

While it is open it takes every message: answers (several at once), corrections, questions in between, cancelling,
another service.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import answers, talk
from actions.catalog import Service, Slot, pick
from actions.checks import READ_BACK, Answer
from actions.departments.results import Application, Bill, Booking, Option, Request, Result, Status
from actions.errors import DepartmentDown, MitraError, NotFound, NothingDue, Refused, SoldOut
from actions.exchange import SURE, Exchange
from actions.form import CONFIRMED_KINDS, Form, check, corrections, fill, is_free, missing, said_choices
from actions.present import rupees
from actions.replies import Button, Reply, Row

SWITCH = 0.8
"""From this probability another service is meant although a question is open."""

QUESTIONS = frozenset({"ask_fee", "ask_documents", "ask_time", "ask_why"})
INTERRUPTIONS = frozenset(
    {"greet", "thanks", "bye", "help", "human", "repeat", "change_language", "restart", "cancel", "delete_data"}
)
TRIES_BEFORE_HELP = 2
LIST_ROWS = 10
IDENTIFYING = frozenset({"account", "application_number", "ticket", "place"})
MENDABLE = {
    "denied_past_date": frozenset({"future_date"}),
    "denied_too_far_ahead": frozenset({"future_date"}),
    "denied_mobile_differs": frozenset({"mobile"}),
}
"""The checks of the slot to ask again when a department refuses for a reason."""

EMERGENCY_NUMBER = "112"
NOT_FOUND = {"application_number": "application", "complaint_number": "complaint", "ticket_number": "ticket"}


async def start(exchange: Exchange, service: Service) -> None:
    """Opens the form for a service with whatever the first sentence already said."""
    memory = exchange.memory
    if service.kind == "emergency":
        exchange.say("emergency_first", helpline=service.helpline or EMERGENCY_NUMBER)
        memory.details = {**memory.details, **({"mobile": exchange.turn.phone[-10:]} if exchange.turn.phone else {})}
    found = fill(exchange.catalog, service.collect, exchange.turn.entities, exchange.today)
    found |= said_choices(exchange.catalog, service.collect, exchange.answer)
    memory.details = {**memory.details, **found}
    memory.service = service.id
    memory.misses = 0
    form = Form(service=service.id, key=exchange.turn.key).note(*(s for s in service.collect if s in memory.details))
    to_ask = missing(service, memory.details, form)
    if to_ask and service.kind != "emergency":
        key = "form_start" if len(to_ask) > 1 else "form_start_one"
        exchange.say(key, service=exchange.name(service), count=len(to_ask))
    await proceed(exchange, form)


async def go_on(exchange: Exchange) -> None:
    """One message while the form is open."""
    turn, memory = exchange.turn, exchange.memory
    form = Form.read(memory.form or {})
    if turn.button:
        return await _press(exchange, form, turn.button)
    if turn.intent in INTERRUPTIONS and turn.confidence >= SURE and not _answers(exchange, form):
        return await _interrupt(exchange, form)
    if turn.intent in QUESTIONS and turn.confidence >= SURE and not _answers(exchange, form):
        await answers.answer(exchange)
        return await proceed(exchange, form)
    if _means_another(exchange, form):
        return talk.ask_switch(exchange)
    stages = {"consent": _consent, "read_back": _read_back, "change": _which_change, "confirm": _confirm}
    await stages.get(form.stage, _collect)(exchange, form)


async def proceed(exchange: Exchange, form: Form) -> None:
    """Asks what is missing; when nothing is, confirms the summary or goes straight to the department."""
    service = exchange.catalog.services[form.service]
    memory = exchange.memory
    to_ask = missing(service, memory.details, form)
    if not to_ask:
        return await _complete(exchange, form, service)
    slot = exchange.catalog.slots[to_ask[0]]
    if slot.personal and memory.consent is None and service.kind != "emergency":
        memory.form = replace(form, stage="consent").store()
        question = exchange.words("consent", service=exchange.name(service))
        return exchange.ask(question, ("yes", "button_agree"), ("no", "button_disagree"))
    await _ask(exchange, form, slot, service)


async def _ask(exchange: Exchange, form: Form, slot: Slot, service: Service) -> None:
    options = await _options(exchange, form, slot) if slot.options else []
    if slot.options and not options:
        return
    memory = exchange.memory
    memory.form = form.ask(slot.id, ({"id": o.id, "title": pick(o.title, exchange.language)} for o in options)).store()
    exchange.replies.append(_question(exchange, form, slot, service, options))


def _question(exchange: Exchange, form: Form, slot: Slot, service: Service, options: list[Option]) -> Reply:
    language = exchange.language
    position = 1 + len([s for s in service.collect if s in exchange.memory.details or s in form.skipped])
    progress = exchange.words("progress", position=min(position, len(service.collect)), count=len(service.collect))
    text = f"{pick(slot.ask, language)} {progress}" if len(service.collect) > 2 else pick(slot.ask, language)
    rows = [Row(f"option:{c.id}", pick(c.name, language)) for c in slot.choices]
    rows += [Row(f"option:{o.id}", pick(o.title, language), pick(o.description, language)) for o in options]
    buttons = [Button("skip", exchange.words("button_skip"))] if slot.optional else []
    if slot.check == "mobile" and exchange.turn.phone:
        buttons.append(
            Button(
                f"option:{exchange.turn.phone[-10:]}",
                exchange.words("button_this_number", mobile=exchange.turn.phone[-10:]),
            )
        )
    if len(rows) + len(buttons) <= 3 and not any(r.description for r in rows):
        return Reply(text, buttons=(*(Button(r.id, r.title) for r in rows), *buttons))
    return Reply(text, rows=tuple(rows[:LIST_ROWS]), list_title=exchange.words("list_button"))


async def _options(exchange: Exchange, form: Form, slot: Slot) -> list[Option]:
    try:
        options = await exchange.departments.options(slot.options, _request(exchange, form))
        if not options:
            raise SoldOut
        return options
    except MitraError as error:
        await _failed(exchange, form, error)
        return []


async def _press(exchange: Exchange, form: Form, button: str) -> None:
    action, _, value = button.partition(":")
    if action == "option" and form.stage == "collect" and form.asked:
        return await _store(exchange, form, {form.asked: _pressed_value(exchange, form, value)})
    if action == "skip" and form.asked and exchange.catalog.slots[form.asked].optional:
        return await proceed(exchange, replace(form, skipped=(*form.skipped, form.asked)))
    if action == "change" and value in exchange.memory.details:
        return await _change(exchange, form, value)
    if action in {"yes", "no", "confirm"}:
        if action == "confirm" and form.stage == "collect":
            return await proceed(exchange, form)
        stages = {"consent": _consent, "read_back": _read_back, "confirm": _confirm}
        if form.stage in stages:
            return await stages[form.stage](exchange, form)
    if action == "change" and not value:
        return _ask_which(exchange, form)
    if action == "cancel":
        return await _interrupt(exchange, form, "cancel")
    await talk.press(exchange)
    if action == "language" and exchange.memory.form:
        await proceed(exchange, form)


def _pressed_value(exchange: Exchange, form: Form, value: str) -> Any:
    slot = exchange.catalog.slots[form.asked]
    known = {c.id for c in slot.choices} | {o["id"] for o in form.options}
    return value if value in known else check(slot, Answer(value), exchange.today)


async def _interrupt(exchange: Exchange, form: Form, intent: str = "") -> None:
    await talk.talk(exchange, intent or exchange.turn.intent)
    if exchange.memory.form and exchange.turn.intent not in {"repeat", "bye"}:
        await proceed(exchange, form)


def _answers(exchange: Exchange, form: Form) -> bool:
    """Whether the message passes the open question's own check, where that check is strict enough to tell."""
    if form.stage != "collect" or not form.asked or is_free(exchange.catalog.slots[form.asked]):
        return False
    try:
        check(exchange.catalog.slots[form.asked], exchange.answer, exchange.today, form.options)
    except Refused:
        return False
    return True


def _means_another(exchange: Exchange, form: Form) -> bool:
    turn = exchange.turn
    other = turn.service in exchange.catalog.services and turn.service != form.service
    return other and turn.confidence >= SWITCH and len(turn.text.split()) > 1 and not _answers(exchange, form)


def _yes(exchange: Exchange) -> bool | None:
    turn = exchange.turn
    if turn.button:
        return {"yes": True, "confirm": True, "no": False}.get(turn.button)
    if turn.confidence < SURE:
        return None
    return {"affirm": True, "deny": False}.get(turn.intent)


async def _consent(exchange: Exchange, form: Form) -> None:
    said = _yes(exchange)
    if said is None:
        return await proceed(exchange, form)
    if said:
        exchange.memory.consent = True
        return await proceed(exchange, form)
    close(exchange)
    exchange.say("consent_needed")


async def _read_back(exchange: Exchange, form: Form) -> None:
    said = _yes(exchange)
    slot = exchange.catalog.slots[form.asked]
    if said:
        return await _store(exchange, form, {form.asked: form.pending})
    if said is False and not exchange.answer.digits:
        exchange.say("heard_no")
        return await _ask(exchange, form, slot, exchange.catalog.services[form.service])
    await _collect(exchange, replace(form, stage="collect", pending=None))


async def _collect(exchange: Exchange, form: Form) -> None:
    """An answer to the open question, with whatever else the message says."""
    slot = exchange.catalog.slots[form.asked]
    turn, details = exchange.turn, exchange.memory.details
    service = exchange.catalog.services[form.service]
    if turn.intent in {"correct", "deny"} and turn.confidence >= SURE and not _answers(exchange, form):
        return await _correct(exchange, form)
    others = [s for s in missing(service, details, form) if s != slot.id]
    try:
        value = check(slot, exchange.answer, exchange.today, form.options)
    except Refused as refused:
        found = fill(exchange.catalog, others, turn.entities, exchange.today)
        return await (_store(exchange, form, found) if found else _refuse(exchange, form, slot, refused))
    if turn.heard is not None and slot.check in READ_BACK:
        exchange.memory.form = replace(form, stage="read_back", pending=value).store()
        return exchange.ask(
            exchange.words("read_back", value=" ".join(str(value))), ("yes", "button_yes"), ("no", "button_no")
        )
    rest = [
        e
        for e in turn.entities
        if str(e["value"]) != str(value)
        and not (is_free(slot) and e["entity"] not in {"aadhaar", "mobile", "pincode"} and slot.check != "name")
    ]
    await _store(exchange, form, {slot.id: value} | fill(exchange.catalog, others, rest, exchange.today))


async def _store(exchange: Exchange, form: Form, found: dict[str, Any]) -> None:
    memory = exchange.memory
    memory.details = {**memory.details, **found}
    await proceed(exchange, replace(form, failures=0).note(*found))


async def _refuse(exchange: Exchange, form: Form, slot: Slot, refused: Refused) -> None:
    """Says why an answer cannot be taken and asks again; after some tries also what to write."""
    failures = form.failures + 1 if form.asked == slot.id else 1
    exchange.say(refused.reason, **refused.details)
    if failures >= TRIES_BEFORE_HELP and slot.help:
        exchange.replies.append(Reply(pick(slot.help, exchange.language)))
        exchange.say("form_help_line")
    await _ask(exchange, replace(form, failures=failures, asked=slot.id), slot, exchange.catalog.services[form.service])


async def _correct(exchange: Exchange, form: Form) -> None:
    """Changes what the message corrects, or asks which answer is meant."""
    changed = corrections(exchange.catalog, form, exchange.memory.details, exchange.answer, exchange.today)
    if not changed:
        return _ask_which(exchange, form) if form.answered else await proceed(exchange, form)
    presenter = exchange.presenter()
    for name, value in changed.items():
        slot = exchange.catalog.slots[name]
        exchange.say("changed", label=exchange.label(slot), value=presenter.value(slot, value))
    await _store(exchange, form, changed)


def _ask_which(exchange: Exchange, form: Form) -> None:
    service = exchange.catalog.services[form.service]
    slots = [exchange.catalog.slots[s] for s in service.collect if s in exchange.memory.details]
    recent = sorted(slots, key=lambda s: form.answered.index(s.id) if s.id in form.answered else -1, reverse=True)
    exchange.memory.form = replace(form, stage="change").store()
    exchange.offer(
        exchange.words("which_change"), (Row(f"change:{s.id}", exchange.label(s)) for s in recent[:LIST_ROWS])
    )


async def _which_change(exchange: Exchange, form: Form) -> None:
    changed = corrections(exchange.catalog, form, exchange.memory.details, exchange.answer, exchange.today)
    if changed:
        return await _store(exchange, form, changed)
    service = exchange.catalog.services[form.service]
    labels = {exchange.label(exchange.catalog.slots[s]): s for s in service.collect if s in exchange.memory.details}
    named = talk.closest(exchange.turn.text, labels)
    await (_change(exchange, form, named) if named else proceed(exchange, form))


async def _change(exchange: Exchange, form: Form, slot: str) -> None:
    memory = exchange.memory
    memory.details = {k: v for k, v in memory.details.items() if k != slot}
    await _ask(exchange, form, exchange.catalog.slots[slot], exchange.catalog.services[form.service])


async def _complete(exchange: Exchange, form: Form, service: Service) -> None:
    if service.kind not in CONFIRMED_KINDS:
        return await _submit(exchange, form, service)
    bill: Result | None = None
    if service.quote:
        try:
            bill = await exchange.departments.call(service.quote, _request(exchange, form))
        except MitraError as error:
            return await _failed(exchange, form, error)
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


async def _confirm(exchange: Exchange, form: Form) -> None:
    said = _yes(exchange)
    service = exchange.catalog.services[form.service]
    if said:
        return await _submit(exchange, form, service)
    changed = corrections(exchange.catalog, form, exchange.memory.details, exchange.answer, exchange.today)
    if changed or said is False or exchange.turn.intent == "correct":
        return await _correct(exchange, form)
    exchange.say("not_understood")
    await _complete(exchange, form, service)


async def _submit(exchange: Exchange, form: Form, service: Service) -> None:
    try:
        result = await exchange.departments.call(service.submit, _request(exchange, form))
    except MitraError as error:
        return await _failed(exchange, form, error)
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


def _request(exchange: Exchange, form: Form) -> Request:
    service = exchange.catalog.services[form.service]
    values = {s: exchange.memory.details[s] for s in service.collect if exchange.memory.details.get(s) is not None}
    return Request(service.id, values, exchange.language, form.key)


async def _failed(exchange: Exchange, form: Form, error: MitraError) -> None:
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
    await _ask(exchange, form, exchange.catalog.slots[again], service)


def _down(exchange: Exchange, form: Form, service: Service) -> None:
    """Nothing is lost: a submission is tried again by itself, a question when the citizen says so."""
    complete = not missing(service, exchange.memory.details, form)
    submitting = complete and (form.stage == "confirm" or service.kind == "emergency")
    exchange.memory.form = (replace(form, stage="confirm", asked="") if complete else form).store()
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
    await _submit(exchange, form, service)
    if exchange.retry:
        exchange.replies.clear()
    else:
        exchange.replies.insert(0, Reply(exchange.words("saved_later", service=exchange.name(service))))


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

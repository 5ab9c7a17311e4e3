"""The one form: asks what the service's file says, checks the answers, confirms a summary and submits.

While it is open it takes every message: answers (several at once), corrections, questions in between, cancelling,
another service.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from actions import answers, talk
from actions.catalog import Service, Slot, pick
from actions.checks import LONGEST_TEXT, READ_BACK, Answer, plain
from actions.errors import MitraError, Refused
from actions.exchange import SURE, Exchange
from actions.form import Form, check, corrections, fill, is_free, missing, replaced, said_choices
from actions.questions import LIST_ROWS, ask
from actions.replies import Reply, Row
from actions.submission import EMERGENCY_NUMBER, close, complete, failed, submit

SWITCH = 0.8
"""From this probability another service is meant although a question is open."""

QUESTIONS = frozenset({"ask_fee", "ask_documents", "ask_time", "ask_why"})
INTERRUPTIONS = frozenset(
    {"greet", "thanks", "bye", "help", "human", "repeat", "change_language", "restart", "cancel", "delete_data"}
)
TRIES_BEFORE_HELP = 2
TELLING = 5
"""From this many words on, the sentence that opens a complaint is its description."""


async def start(exchange: Exchange, service: Service) -> None:
    """Opens the form for a service with whatever the first sentence already said."""
    memory = exchange.memory
    if service.kind == "emergency":
        exchange.say("emergency_first", helpline=service.helpline or EMERGENCY_NUMBER)
        memory.details = {**memory.details, **({"mobile": exchange.turn.phone[-10:]} if exchange.turn.phone else {})}
    found = fill(exchange.catalog, service.collect, exchange.turn.entities, exchange.today)
    found |= said_choices(exchange.catalog, service.collect, exchange.answer)
    if service.kind == "complaint" and "description" in service.collect and len(exchange.turn.text.split()) >= TELLING:
        found["description"] = exchange.turn.text[:LONGEST_TEXT]
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
    if _is_in_danger(exchange, form):
        talk.park(exchange)
        return await start(exchange, exchange.catalog.services[turn.service])
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
        return await complete(exchange, form, service)
    slot = exchange.catalog.slots[to_ask[0]]
    if slot.personal and memory.consent is None and service.kind != "emergency":
        memory.form = replace(form, stage="consent").store()
        question = exchange.words("consent", service=exchange.name(service))
        return exchange.ask(question, ("yes", "button_agree"), ("no", "button_disagree"))
    await _ask(exchange, form, slot, service)


async def _ask(exchange: Exchange, form: Form, slot: Slot, service: Service) -> None:
    try:
        await ask(exchange, form, slot, service)
    except MitraError as error:
        await failed(exchange, form, error)


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


def _is_in_danger(exchange: Exchange, form: Form) -> bool:
    """An emergency does not wait for the open question."""
    service = exchange.catalog.services.get(exchange.turn.service)
    return service is not None and service.kind == "emergency" and _named_another(exchange, form, SURE)


def _named_another(exchange: Exchange, form: Form, least: float) -> bool:
    turn = exchange.turn
    return turn.service != form.service and turn.confidence >= least and len(turn.text.split()) > 1


def _means_another(exchange: Exchange, form: Form) -> bool:
    """Whether another service is asked for; a place that answers "where?" and a correction only look like it."""
    turn, catalog = exchange.turn, exchange.catalog
    if turn.service not in catalog.services or catalog.services[form.service].kind == "emergency":
        return False
    where = form.asked and catalog.slots[form.asked].check in {"location", "locality"}
    if (where and exchange.answer.of("place")) or replaced(catalog, form, exchange.memory.details, exchange.answer):
        return False
    return _named_another(exchange, form, SWITCH) and not _answers(exchange, form)


async def _consent(exchange: Exchange, form: Form) -> None:
    said = talk.said_yes(exchange)
    if said is None:
        return await proceed(exchange, form)
    if said:
        exchange.memory.consent = True
        return await proceed(exchange, form)
    close(exchange)
    exchange.say("consent_needed")


async def _read_back(exchange: Exchange, form: Form) -> None:
    said = talk.said_yes(exchange)
    slot = exchange.catalog.slots[form.asked]
    if said:
        return await _store(exchange, form, {form.asked: form.pending})
    if said is False and not exchange.answer.digits:
        exchange.say("heard_no")
        return await _ask(exchange, form, slot, exchange.catalog.services[form.service])
    await _collect(exchange, replace(form, stage="collect", pending=None))


async def _collect(exchange: Exchange, form: Form) -> None:
    """An answer to the open question, with whatever else the message says."""
    if not form.asked:
        return await proceed(exchange, form)
    slot = exchange.catalog.slots[form.asked]
    turn, details = exchange.turn, exchange.memory.details
    service = exchange.catalog.services[form.service]
    if slot.optional and _skips(exchange):
        return await proceed(exchange, replace(form, skipped=(*form.skipped, slot.id)))
    if _corrects(exchange, form, slot) and not _answers(exchange, form):
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


def _skips(exchange: Exchange) -> bool:
    """Whether an optional question is passed over in words: those of the button, in any language, or a plain no."""
    titles = exchange.catalog.sentences["button_skip"].values()
    refused = exchange.turn.intent == "deny" and exchange.turn.confidence >= SURE
    return plain(exchange.turn.text) in map(plain, titles) or refused


def _corrects(exchange: Exchange, form: Form, slot: Slot) -> bool:
    """Whether a message is a correction: it names an old value, or was understood as one (a bare name may be, too)."""
    turn, details = exchange.turn, exchange.memory.details
    if replaced(exchange.catalog, form, details, exchange.answer):
        return True
    if turn.intent not in {"correct", "deny"}:
        return False
    if not is_free(slot):
        return turn.confidence >= SURE
    changed = corrections(exchange.catalog, form, details, exchange.answer, exchange.today)
    return turn.confidence >= (SURE if changed else SWITCH) and len(turn.text.split()) > 1


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


async def _confirm(exchange: Exchange, form: Form) -> None:
    said = talk.said_yes(exchange)
    service = exchange.catalog.services[form.service]
    if said:
        return await submit(exchange, form, service)
    changed = corrections(exchange.catalog, form, exchange.memory.details, exchange.answer, exchange.today)
    if changed or said is False or exchange.turn.intent == "correct":
        return await _correct(exchange, form)
    exchange.say("not_understood")
    await complete(exchange, form, service)

"""The open question of the form as a message: words, buttons or a list, and what the department offers."""

from __future__ import annotations

from actions.catalog import Service, Slot, pick
from actions.departments.results import Option, Request
from actions.errors import SoldOut
from actions.exchange import Exchange
from actions.form import Form
from actions.replies import Button, Reply, Row

LIST_ROWS = 10
"""Rows of a list on WhatsApp."""


async def ask(exchange: Exchange, form: Form, slot: Slot, service: Service) -> None:
    """Makes `slot` the open question; the errors of `actions.errors` when the department offers nothing for it."""
    options = await _options(exchange, form, slot) if slot.options else []
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
        number = exchange.turn.phone[-10:]
        buttons.append(Button(f"option:{number}", exchange.words("button_this_number", mobile=number)))
    if slot.check == "location" and not buttons:
        return Reply(text, location=True)
    if len(rows) + len(buttons) <= 3 and not any(r.description for r in rows):
        return Reply(text, buttons=(*(Button(r.id, r.title) for r in rows), *buttons))
    return Reply(text, rows=tuple(rows[:LIST_ROWS]), list_title=exchange.words("list_button"))


async def _options(exchange: Exchange, form: Form, slot: Slot) -> list[Option]:
    options = await exchange.departments.options(slot.options, request(exchange, form))
    if not options:
        raise SoldOut
    return options


def request(exchange: Exchange, form: Form) -> Request:
    """What the department is asked: the values collected for this service, under the form's key."""
    service = exchange.catalog.services[form.service]
    values = {s: exchange.memory.details[s] for s in service.collect if exchange.memory.details.get(s) is not None}
    return Request(service.id, values, exchange.language, form.key)

"""Questions about a service, answered from its file: fee, papers, time, and what a question of the form means."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from actions import talk
from actions.catalog import Service, pick
from actions.checks import plain
from actions.exchange import Exchange
from actions.form import Form
from actions.replies import Reply

NAMED = 0.3
"""A service ranked above this although the message is a question is the one asked about."""


async def answer(exchange: Exchange) -> None:
    """Answers ask_fee, ask_documents, ask_time or ask_why."""
    intent = exchange.turn.intent
    if intent == "ask_why":
        return _why(exchange)
    service = asked_about(exchange)
    if service is None:
        return _which(exchange)
    exchange.memory.service = service.id
    {"ask_fee": _fee, "ask_documents": _documents, "ask_time": _time}[intent](exchange, service)


def asked_about(exchange: Exchange) -> Service | None:
    """The service a question is about: named in it, else the open one, else the last one."""
    services = exchange.catalog.services
    named = _named(exchange) or next(
        (r.service for r in exchange.turn.ranking if r.service in services and r.confidence >= NAMED), ""
    )
    current = (exchange.memory.form or {}).get("service") or exchange.memory.service or ""
    return services.get(named or current)


def _named(exchange: Exchange) -> str:
    names = {name: s.id for s in exchange.catalog.services.values() for name in (*s.name.values(), *s.title.values())}
    found = process.extractOne(
        exchange.turn.text, list(names), scorer=fuzz.partial_ratio, processor=plain, score_cutoff=88
    )
    return names[found[0]] if found else ""


def _fee(exchange: Exchange, service: Service) -> None:
    key = "fee_as_billed" if isinstance(service.fee, str) else "fee" if service.fee else "fee_free"
    exchange.say(key, service=exchange.name(service), fee=service.fee)


def _documents(exchange: Exchange, service: Service) -> None:
    papers = [
        pick(exchange.catalog.documents[d], exchange.language)
        for d in service.documents
        if d in exchange.catalog.documents
    ]
    key = "documents" if papers else "documents_none"
    exchange.say(key, service=exchange.name(service), documents="\n".join(f"\N{BULLET} {paper}" for paper in papers))


def _time(exchange: Exchange, service: Service) -> None:
    if service.hours:
        return exchange.say("time_hours", service=exchange.name(service), hours=service.hours)
    key = "time_days" if service.days else "time_now" if service.days == 0 else "time_unknown"
    exchange.say(key, service=exchange.name(service), days=service.days)


def _why(exchange: Exchange) -> None:
    asked = Form.read(exchange.memory.form).asked if exchange.memory.form else ""
    slot = exchange.catalog.slots.get(asked)
    if slot and slot.help:
        exchange.replies.append(Reply(pick(slot.help, exchange.language)))
    elif exchange.memory.form:
        exchange.say("about_form", service=exchange.name(exchange.memory.form["service"]))
    else:
        exchange.say("about_mitra")


def _which(exchange: Exchange) -> None:
    exchange.say("which_service")
    talk.menu(exchange, "menu")

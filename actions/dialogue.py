"""Where a message goes: an open yes/no question, the open form, a service, a question about one, or small talk."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from actions import answers, service_form, submission, talk
from actions.catalog import KINDS
from actions.exchange import SURE, Exchange
from actions.form import Form
from actions.replies import restored
from actions.turn import Memory, Turn

NATIVE = frozenset({"Telu", "Deva"})
ENOUGH_WORDS, CLEAR = 4, 0.9
"""So many Latin-letter words, this clearly in one language, change the language while a question is open."""

LEAST = 0.02
"""Beside details a service counts from this probability on: the details have taken the rest."""

HEARD_WELL = 0.6
"""Below this a transcript is repeated to the citizen before anything is done about it."""


async def reply(exchange: Exchange) -> None:
    """Answers one message: fills `exchange.replies` and changes `exchange.memory`."""
    turn, memory = exchange.turn, exchange.memory
    if turn.language and (memory.language is None or _speaks_for_itself(turn, memory)):
        memory.language = turn.language
    if turn.button.startswith("retry:"):
        return await submission.retry(exchange, turn.button.partition(":")[2])
    exchange.replies += map(restored, memory.news)
    memory.news = []
    if memory.asked and await _settle(exchange):
        return
    if turn.heard is not None and turn.heard < HEARD_WELL:
        return talk.ask_heard(exchange)
    if turn.button.startswith("service:"):
        return await _start_pressed(exchange)
    if memory.form:
        return await service_form.go_on(exchange)
    if turn.button:
        return await talk.press(exchange)
    await _route(exchange)


def _speaks_for_itself(turn: Turn, memory: Memory) -> bool:
    """Whether a message may change the language of the replies: a bare name or place in Latin letters may not."""
    if turn.script in NATIVE:
        return True
    return len(turn.text.split()) >= (ENOUGH_WORDS if memory.form else 2) and turn.language_confidence >= CLEAR


async def _route(exchange: Exchange) -> None:
    exchange.turn = turn = without_details(exchange.turn)
    if turn.intent in KINDS:
        return await _start_understood(exchange)
    if turn.intent in service_form.QUESTIONS and turn.confidence >= SURE:
        return await answers.answer(exchange)
    if turn.intent == "inform" or turn.confidence < SURE:
        return talk.not_understood(exchange)
    await talk.talk(exchange, turn.intent)


def without_details(turn: Turn) -> Turn:
    """Outside a form nobody only informs: "my name is Ramu, income certificate" asks for the certificate."""
    likely = [r for r in turn.ranking if r.intent not in {"inform", "correct"}]
    if turn.intent != "inform" or not likely:
        return turn
    rest = sum(r.confidence for r in likely)
    ranking = tuple(replace(r, confidence=r.confidence / rest if rest else 0.0) for r in likely)
    if ranking[0].confidence * rest < LEAST or not ranking[0].service:
        return turn
    return replace(turn, ranking=ranking, **asdict(ranking[0]))


async def _start_understood(exchange: Exchange) -> None:
    candidates = exchange.candidates()
    if len(candidates) == 1 and exchange.turn.confidence >= SURE:
        return await service_form.start(exchange, candidates[0])
    talk.not_understood(exchange)


async def _start_pressed(exchange: Exchange) -> None:
    service = exchange.catalog.services.get(exchange.turn.button.partition(":")[2])
    if service is None:
        return exchange.say("press_expired")
    if exchange.memory.form and exchange.memory.form["service"] != service.id:
        talk.park(exchange)
    await service_form.start(exchange, service)


async def _settle(exchange: Exchange) -> bool:
    """Settles the open yes/no question; False when the message is not an answer to it."""
    asked, exchange.memory.asked = exchange.memory.asked or {}, None
    said = talk.said_yes(exchange)
    if said is None:
        return False
    settle = {"heard": _settle_heard, "delete": _settle_delete, "switch": _settle_switch, "resume": _settle_resume}
    await settle[asked["question"]](exchange, said, asked)
    return True


async def _settle_heard(exchange: Exchange, yes: bool, asked: dict[str, Any]) -> None:
    if yes:
        exchange.reconsider = asked["transcript"]
    else:
        exchange.say("heard_no")


async def _settle_delete(exchange: Exchange, yes: bool, asked: dict[str, Any]) -> None:
    if yes:
        exchange.memory.forget()
        exchange.say("deleted")
        exchange.forget = True
        return
    exchange.say("delete_kept")
    if exchange.memory.form:
        await service_form.proceed(exchange, Form.read(exchange.memory.form))


async def _settle_switch(exchange: Exchange, yes: bool, asked: dict[str, Any]) -> None:
    if not yes:
        return await service_form.proceed(exchange, Form.read(exchange.memory.form or {}))
    parked = (exchange.memory.form or {}).get("service", "")
    talk.park(exchange)
    exchange.say("switched", service=exchange.name(parked), new=exchange.name(asked["service"]))
    exchange.turn = replace(exchange.turn, text=asked["text"], entities=tuple(asked["entities"]), button="")
    await service_form.start(exchange, exchange.catalog.services[asked["service"]])


async def _settle_resume(exchange: Exchange, yes: bool, asked: dict[str, Any]) -> None:
    memory = exchange.memory
    if not memory.parked:
        return exchange.say("what_can_i_do")
    *memory.parked, last = memory.parked
    if not yes:
        return exchange.say("what_can_i_do")
    exchange.say("resumed", service=exchange.name(last["service"]))
    form = Form.read(last)
    memory.details = {**memory.details, **form.details}
    await service_form.proceed(exchange, replace(form, details={}))

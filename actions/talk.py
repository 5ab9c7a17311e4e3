"""What any citizen says whatever the service: greetings, help, language, another service, one's own data."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rapidfuzz import fuzz, process

from actions.catalog import LANGUAGES, Service, pick
from actions.checks import plain
from actions.exchange import SURE, Exchange
from actions.form import Form
from actions.replies import Button, Reply, Row, restored

MISSES_BEFORE_MENU = 2
PAGE_ROWS = 9
"""Rows of a list before the row for the next page: WhatsApp shows ten."""


async def talk(exchange: Exchange, intent: str) -> None:
    """Answers a dialogue act."""
    handler = _HANDLERS.get(intent, not_understood)
    handler(exchange)
    if handler not in (not_understood, _out_of_scope):
        exchange.memory.misses = 0


def _greet(exchange: Exchange) -> None:
    if exchange.memory.form:
        return exchange.say("greet_again")
    exchange.ask(exchange.words("welcome"), *((f"language:{x}", f"button_language_{x}") for x in LANGUAGES))


def _help(exchange: Exchange) -> None:
    exchange.say("help")
    menu(exchange, "menu")


def _human(exchange: Exchange) -> None:
    department = exchange.catalog.services[exchange.memory.service].department if exchange.memory.service else ""
    number = exchange.words("human_electricity" if department == "energy" else "human_andhra")
    exchange.say("human", number=number)


def _repeat(exchange: Exchange) -> None:
    if not exchange.memory.said:
        return exchange.say("nothing_to_repeat")
    exchange.replies += map(restored, exchange.memory.said)


def _cancel(exchange: Exchange) -> None:
    if not exchange.memory.form:
        return exchange.say("nothing_to_cancel")
    service = Form.read(exchange.memory.form).service
    exchange.memory.form = None
    exchange.say("cancelled", service=exchange.name(service))
    offer_parked(exchange)


def _restart(exchange: Exchange) -> None:
    memory = exchange.memory
    memory.form, memory.details, memory.parked, memory.service = None, {}, [], None
    exchange.say("restarted")


def _change_language(exchange: Exchange) -> None:
    named = exchange.turn.named_language
    if named in LANGUAGES:
        return _choose_language(exchange, named)
    exchange.ask(exchange.words("language_choose"), *((f"language:{x}", f"button_language_{x}") for x in LANGUAGES))


def _choose_language(exchange: Exchange, language: str) -> None:
    exchange.memory.language = exchange.memory.language_choice = language
    exchange.say("language_changed")


def _affirm(exchange: Exchange) -> None:
    exchange.say("what_can_i_do")


def _correct(exchange: Exchange) -> None:
    exchange.say("nothing_to_correct")


def _delete(exchange: Exchange) -> None:
    exchange.memory.asked = {"question": "delete"}
    exchange.ask(exchange.words("delete_confirm"), ("yes", "button_yes"), ("no", "button_no"))


def _out_of_scope(exchange: Exchange) -> None:
    exchange.memory.misses += 1
    if exchange.memory.misses >= MISSES_BEFORE_MENU:
        return _menu_and_human(exchange)
    exchange.say("out_of_scope")


def not_understood(exchange: Exchange) -> None:
    """Offers what may be meant; twice in a row, the menu and a person."""
    candidates = exchange.candidates()
    if candidates:
        return did_you_mean(exchange, candidates)
    exchange.memory.misses += 1
    if exchange.memory.misses >= MISSES_BEFORE_MENU:
        return _menu_and_human(exchange)
    exchange.say("not_understood")


def _menu_and_human(exchange: Exchange) -> None:
    exchange.memory.misses = 0
    exchange.say("not_understood_twice")
    menu(exchange, "menu")


def did_you_mean(exchange: Exchange, services: list[Service]) -> None:
    """Offers close services by name, as buttons."""
    titles = [Button(f"service:{s.id}", pick(s.title, exchange.language)) for s in services[:2]]
    none = Button("none", exchange.words("none_of_these"))
    exchange.replies.append(Reply(exchange.words("did_you_mean"), buttons=(*titles, none)))


def menu(exchange: Exchange, button: str) -> None:
    """A page of the menu: `menu[:<page>]` the departments, `menu:<department>[:<page>]` its services."""
    _, _, rest = button.partition(":")
    department, _, page = rest.partition(":")
    language = exchange.language
    if department.isdigit() or department not in exchange.catalog.departments:
        departments = exchange.catalog.menu()
        rows = [Row(f"menu:{d.id}", pick(d.name, language), pick(d.description, language)) for d in departments]
        return exchange.offer(exchange.words("menu"), _page(exchange, rows, "menu", department))
    name = pick(exchange.catalog.departments[department].name, language)
    services = [_row(s, language) for s in exchange.catalog.of_department(department)]
    exchange.offer(
        exchange.words("menu_department", department=name), _page(exchange, services, f"menu:{department}", page)
    )


def _row(service: Service, language: str) -> Row:
    title, name = pick(service.title, language), pick(service.name, language)
    return Row(f"service:{service.id}", title, name if name != title else "")


def _page(exchange: Exchange, rows: list[Row], menu_id: str, page: str) -> list[Row]:
    number = int(page) if page.isdigit() else 1
    if len(rows) <= PAGE_ROWS + 1:
        return rows
    first = (number - 1) * PAGE_ROWS
    here = rows[first : first + PAGE_ROWS]
    more = [Row(f"{menu_id}:{number + 1}", exchange.words("more"))] if rows[first + PAGE_ROWS :] else []
    return here + more


async def press(exchange: Exchange) -> None:
    """A button that belongs to no open question: the language, the menu; services are started by the dialogue."""
    action, _, value = exchange.turn.button.partition(":")
    if action == "language" and value in LANGUAGES:
        _choose_language(exchange, value)
    elif action == "menu":
        menu(exchange, exchange.turn.button)
    elif action in {"help", "none"}:
        menu(exchange, "menu")
    else:
        exchange.say("press_expired")


def ask_switch(exchange: Exchange) -> None:
    """Another service is asked for while the form is open: which goes first is the citizen's choice."""
    turn, memory = exchange.turn, exchange.memory
    memory.asked = {
        "question": "switch",
        "service": turn.service,
        "text": turn.text,
        "entities": [dict(entity) for entity in turn.entities],
    }
    current = Form.read(memory.form or {}).service
    text = exchange.words("switch_offer", service=exchange.name(current), new=exchange.name(turn.service))
    exchange.ask(text, ("yes", "button_yes"), ("no", "button_no"))


def park(exchange: Exchange) -> None:
    """Puts the open form aside, to be offered again."""
    memory = exchange.memory
    if memory.form:
        others = [p for p in memory.parked if p["service"] != memory.form["service"]]
        memory.parked = [*others, {**memory.form, "details": memory.details}]
        memory.form = None


def offer_parked(exchange: Exchange) -> None:
    """After a service is done, offers to go on with the one put aside."""
    memory = exchange.memory
    if memory.parked:
        memory.asked = {"question": "resume"}
        text = exchange.words("resume_offer", service=exchange.name(memory.parked[-1]["service"]))
        exchange.ask(text, ("yes", "button_yes"), ("no", "button_no"))


def ask_heard(exchange: Exchange) -> None:
    """Asks whether an unsure transcript is right before anything is done about it."""
    exchange.memory.asked = {"question": "heard", "transcript": exchange.turn.text}
    exchange.ask(exchange.words("heard", text=exchange.turn.text), ("yes", "button_yes"), ("no", "button_no"))


def closest(text: str, names: Mapping[str, str]) -> str:
    """The value whose name is spelled nearest to `text`, or empty."""
    found = process.extractOne(text, list(names), scorer=fuzz.WRatio, processor=plain, score_cutoff=75)
    return names[found[0]] if found else ""


def said_yes(exchange: Exchange) -> bool | None:
    """Yes, no, or neither, from a button or from words."""
    turn = exchange.turn
    if turn.button:
        return {"yes": True, "confirm": True, "no": False}.get(turn.button)
    if turn.confidence < SURE:
        return None
    return {"affirm": True, "deny": False}.get(turn.intent)


_HANDLERS: Mapping[str, Callable[[Exchange], None]] = {
    "greet": _greet,
    "thanks": lambda exchange: exchange.say("thanks_reply"),
    "bye": lambda exchange: exchange.say("goodbye"),
    "help": _help,
    "human": _human,
    "repeat": _repeat,
    "cancel": _cancel,
    "restart": _restart,
    "change_language": _change_language,
    "affirm": _affirm,
    "deny": _affirm,
    "correct": _correct,
    "delete_data": _delete,
    "out_of_scope": _out_of_scope,
}

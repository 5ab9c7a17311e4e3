"""Whatever a reply holds, what goes to Meta keeps Meta's limits and loses no text."""

from __future__ import annotations

import regex
from hypothesis import given
from hypothesis import strategies as st

from channels import whatsapp
from channels.message import Button, Document, Reply, Row

TEXT = st.text(alphabet=st.characters(), max_size=200) | st.text(
    alphabet="\u0c06\u0c26\u0c3e\u0c2f\u0c4d\u0c02 \u0915\u094d\u0937\u093f\n.", max_size=6000
)
SHORT = st.text(max_size=120) | st.text(alphabet="\u0c15\u0c4d\u0c37\u0c3f ", max_size=120)
REPLIES = st.builds(
    Reply,
    text=TEXT,
    buttons=st.lists(st.builds(Button, SHORT, SHORT), max_size=14).map(tuple),
    rows=st.lists(st.builds(Row, SHORT, SHORT, SHORT), max_size=14).map(tuple),
    list_button=SHORT,
)


@given(REPLIES)
def test_every_body_is_within_metas_limits(reply: Reply) -> None:
    for kind, body in whatsapp.bodies(reply, "Choose"):
        check = {"text": check_text, "interactive": check_interactive}[kind]
        check(body)


def check_text(body: dict) -> None:
    assert body["body"].strip() and len(body["body"]) <= 4096


def check_interactive(body: dict) -> None:
    assert 0 < len(body["body"]["text"]) <= 1024
    {"button": check_buttons, "list": check_list}[body["type"]](body["action"])


def check_buttons(action: dict) -> None:
    replies = [one["reply"] for one in action["buttons"]]
    assert 1 <= len(replies) <= 3
    for field, limit in (("title", 20), ("id", 256)):
        values = [reply[field] for reply in replies]
        assert all(0 < len(value) <= limit for value in values) and len(set(values)) == len(values)


def check_list(action: dict) -> None:
    rows = [row for section in action["sections"] for row in section["rows"]]
    assert 1 <= len(rows) <= 10 and 0 < len(action["button"]) <= 20
    assert all(0 < len(row["title"]) <= 24 and 0 < len(row["id"]) <= 200 for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(0 < len(row["description"]) <= 72 for row in rows if "description" in row)


@given(st.text(alphabet="\u0c06\u0c26\u0c3e\u0c2f\u0c4d\u0c02 \n.", max_size=9000), st.booleans())
def test_no_letter_of_a_long_text_is_lost(text: str, asked: bool) -> None:
    buttons = (Button("y", "Yes"),) if asked else ()
    shown = [
        body["body"]["text"] if kind == "interactive" else body["body"]
        for kind, body in whatsapp.bodies(Reply(text, buttons), "")
    ]
    assert "".join("".join(shown).replace(whatsapp.BLANK, "").split()) == "".join(text.split())


@given(st.text(alphabet="\u0c15\u0c4d\u0c37\u0c3f\u0c24\u0c3e\u0c02 ", min_size=30, max_size=60))
def test_a_cut_title_ends_at_a_whole_letter(title: str) -> None:
    ((_, body),) = whatsapp.bodies(Reply("?", (Button("a", title),)), "")
    shown = body["action"]["buttons"][0]["reply"]["title"].removesuffix("\u2026")
    letters = regex.findall(r"\X", " ".join(title.split()))
    whole = {"".join(letters[:count]).rstrip() for count in range(len(letters) + 1)}
    assert shown in whole or not letters or len(letters[0]) > 19


def test_a_fourth_button_makes_a_list_with_whole_titles() -> None:
    long = "A title that is longer than a row allows"
    ((kind, body),) = whatsapp.bodies(
        Reply("Which?", (*(Button(str(n), f"B{n}") for n in range(3)), Button("3", long))), "Choose"
    )
    rows = body["action"]["sections"][0]["rows"]
    assert (kind, body["type"], len(rows)) == ("interactive", "list", 4)
    assert rows[3]["description"] == long and "description" not in rows[0]


def test_an_ordinary_reply_is_one_plain_text() -> None:
    assert whatsapp.bodies(Reply("Namaste"), "Choose") == [("text", {"body": "Namaste", "preview_url": False})]


def test_an_empty_reply_sends_nothing() -> None:
    assert whatsapp.bodies(Reply(" \n "), "Choose") == []


def test_a_document_goes_by_id_or_by_link() -> None:
    paper = Document("https://example.org/a.pdf", "a.pdf")
    assert whatsapp.document(paper, id="9") == ("document", {"id": "9", "filename": "a.pdf"})
    assert whatsapp.document(paper, link=paper.url)[1]["link"] == paper.url

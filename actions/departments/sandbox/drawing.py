"""Papers drawn as PDF: the citizen's language first, English beneath, shaped by HarfBuzz with fonts of our own."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import segno
from fpdf import FPDF

from actions.departments.sandbox.papers import Paper, Value
from actions.departments.sandbox.texts import Texts

_FONTS = Path(__file__).parent / "fonts"
_FAMILIES = {"en": "NotoSans", "te": "NotoSansTelugu", "hi": "NotoSansDevanagari"}
_MARGIN, _WIDTH, _QR = 18.0, 174.0, 38.0
_LABEL = 82.0
_FOOT = 297.0 - _MARGIN - _QR - 9
_INK, _PALE, _FAINT, _ACCENT = (30, 34, 44), (96, 102, 114), (210, 214, 222), (15, 76, 117)
_GOVERNMENT = frozenset({"revenue", "municipal"})
_RUPEES = frozenset({"annual_income", "bill_amount", "amount_paid", "fare", "price", "amount", "refund"})


def draw(paper: Paper, texts: Texts) -> bytes:
    """The paper as a PDF; one page unless there are very many rows."""
    sheet = _Sheet(paper, texts)
    sheet.head()
    sheet.statement()
    sheet.table()
    sheet.foot()
    return sheet.bytes()


class _Sheet:
    """One page being drawn, from top to bottom."""

    def __init__(self, paper: Paper, texts: Texts) -> None:
        self._paper = paper
        self._texts = texts
        self._languages = (paper.language,) if paper.language == "en" else (paper.language, "en")
        self._pdf = _blank(paper)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self._pdf.output())

    def head(self) -> None:
        """Who issues it, what it is, its number and date."""
        self._pdf.set_y(_MARGIN + 2)
        department = (13.0, f"department_{self._paper.department}")
        for size, key in ((15.0, "government"), department) if self._paper.department in _GOVERNMENT else (department,):
            self._centred([self._texts.say(key, language) for language in self._languages], size, _INK)
        self._pdf.ln(3)
        self._rule()
        self._centred([self._title(language) for language in self._languages], 17.0, _ACCENT)
        self._pdf.ln(2)
        issued = _moment(self._paper.issued)
        self._pair(f"{self._both('field_number')}: {self._paper.number}", f"{self._both('field_issued')}: {issued}")

    def statement(self) -> None:
        """What is certified, as a sentence in each language."""
        if not self._certifies:
            return
        key = f"{self._paper.kind}_body"
        key = key if self._texts.knows(key) else "certificate_body"
        for language in self._languages:
            said = {name: self._shown(name, value, language) for name, value in self._paper.values.items()}
            size = 11.5 if language == self._paper.language else 10.0
            self._font(language, size)
            self._pdf.multi_cell(_WIDTH, size * 0.62, self._texts.say(key, language).format_map(_Gaps(said)), align="L")
            self._pdf.ln(2)

    def table(self) -> None:
        """The details, a row each."""
        self._pdf.ln(1)
        for slot, value in self._paper.rows:
            self._row(self._label(slot), self._shown(slot, value, self._paper.language))

    def foot(self) -> None:
        """The code to scan, how to check the paper, and that it is a specimen."""
        top = _FOOT
        if self._paper.qr:
            self._pdf.image(_code(self._paper.qr), _MARGIN + 4, top, _QR, _QR)
        keys = ("verify_here", "signed_digitally") if self._certifies else (f"{self._paper.kind}_note",)
        self._beside(top + 4, *keys)
        self._pdf.set_y(_FOOT + _QR + 1)
        self._centred([self._texts.say("specimen", language) for language in self._languages], 8.0, _PALE)

    @property
    def _certifies(self) -> bool:
        return self._paper.kind.startswith("certificate_")

    def _title(self, language: str) -> str:
        key = f"{self._paper.kind}_title"
        return (
            self._texts.say(key, language)
            if self._texts.knows(key)
            else self._texts.service(self._paper.service, language)
        )

    def _centred(self, lines: list[str], size: float, ink: tuple[int, int, int]) -> None:
        for language, line in zip(self._languages, lines, strict=True):
            smaller = size if language == self._paper.language else size * 0.7
            self._font(language, smaller, "B" if size > 10 else "", ink)
            self._pdf.set_x(_MARGIN)
            self._pdf.multi_cell(_WIDTH, smaller * 0.52, line, align="C", new_x="LMARGIN", new_y="NEXT")

    def _pair(self, left: str, right: str) -> None:
        self._font(self._paper.language, 9.5)
        self._pdf.cell(_WIDTH / 2, 7, left, align="L")
        self._pdf.cell(_WIDTH / 2, 7, right, align="R", new_x="LMARGIN", new_y="NEXT")
        self._pdf.ln(2)

    def _row(self, label: str, value: str) -> None:
        if self._pdf.get_y() > _FOOT - 13:
            _page(self._pdf)
        top = self._pdf.get_y() + 1.2
        self._font(self._paper.language, 8.8, "", _PALE)
        left = self._cell(_MARGIN, top, _LABEL, label)
        self._font(self._paper.language, 10.5, "", _INK)
        bottom = max(left, self._cell(_MARGIN + _LABEL, top, _WIDTH - _LABEL, value)) + 1.2
        self._pdf.set_draw_color(*_FAINT)
        self._pdf.line(_MARGIN, bottom, _MARGIN + _WIDTH, bottom)
        self._pdf.set_y(bottom)

    def _cell(self, left: float, top: float, width: float, said: str) -> float:
        """Text in a column; where it ends."""
        self._pdf.set_xy(left, top)
        self._pdf.multi_cell(width, 5.4, said, align="L", new_x="LMARGIN", new_y="NEXT")
        return float(self._pdf.get_y())

    def _beside(self, top: float, *keys: str) -> None:
        for language in self._languages:
            self._font(language, 9.0 if language == self._paper.language else 8.0, "", _INK)
            self._pdf.set_xy(_MARGIN + _QR + 12, top)
            said = "\n".join(self._texts.say(key, language) for key in keys)
            self._pdf.multi_cell(_WIDTH - _QR - 16, 4.9, said, align="L")
            top = self._pdf.get_y() + 1.5

    def _label(self, slot: str) -> str:
        labels = [self._texts.label(slot, language) for language in self._languages]
        return " / ".join(dict.fromkeys(labels))

    def _both(self, key: str) -> str:
        return " / ".join(dict.fromkeys(self._texts.say(key, language) for language in self._languages))

    def _shown(self, slot: str, value: Value, language: str) -> str:
        if isinstance(value, dict):
            return value.get(language) or value.get("en") or ""
        if slot in _RUPEES and str(value).isdigit():
            return f"\u20b9{grouped(int(value))}"
        return self._texts.value(slot, _moment(str(value)), language)

    def _rule(self) -> None:
        self._pdf.set_draw_color(*_ACCENT)
        self._pdf.line(_MARGIN + 4, self._pdf.get_y(), _MARGIN + _WIDTH - 4, self._pdf.get_y())
        self._pdf.ln(4)

    def _font(self, language: str, size: float, style: str = "", ink: tuple[int, int, int] = _INK) -> None:
        self._pdf.set_font(_FAMILIES[language], style, size)
        self._pdf.set_text_color(*ink)


class _Gaps(dict[str, str]):
    """Values for a sentence; a value that was not given is a line to write on."""

    def __missing__(self, _: str) -> str:
        return "____"


def grouped(amount: int) -> str:
    """A number with commas as people here write them: 1,20,000."""
    head, tail = divmod(amount, 1000)
    if not head:
        return str(tail)
    pairs = []
    while head:
        head, pair = divmod(head, 100)
        pairs.append(f"{pair:02d}")
    return f"{','.join(reversed(pairs)).lstrip('0')},{tail:03d}"


def _moment(text: str) -> str:
    """An ISO date or time as people here write it; any other text as it is."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text).strftime("%d-%m-%Y")
        return datetime.fromisoformat(text).strftime("%d-%m-%Y %H:%M") if "T" in text else text
    except ValueError:
        return text


def _code(content: str) -> BytesIO:
    image = BytesIO()
    segno.make(content, error="m", micro=False).save(image, kind="png", scale=6, border=2)
    image.seek(0)
    return image


def _blank(paper: Paper) -> FPDF:
    pdf = FPDF()
    for family in _FAMILIES.values():
        for style, name in (("", "Regular"), ("B", "Bold")):
            pdf.add_font(family, style, _FONTS / f"{family}-{name}.ttf")
    pdf.set_fallback_fonts(list(_FAMILIES.values()), exact_match=False)
    pdf.set_text_shaping(True)  # without it Telugu and Hindi signs stand apart
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(False)
    pdf.set_title(paper.number)
    pdf.set_lang(paper.language)
    pdf.set_creation_date(datetime.fromisoformat(f"{paper.issued[:10]}T00:00:00+05:30"))
    _page(pdf)
    return pdf


def _page(pdf: FPDF) -> None:
    """A new page with its frame."""
    pdf.add_page()
    pdf.set_draw_color(*_ACCENT)
    pdf.rect(_MARGIN - 8, _MARGIN - 8, _WIDTH + 16, pdf.h - 2 * _MARGIN + 16)
    pdf.set_y(_MARGIN)

"""Citizens who speak: a certificate by voice notes, and notes that cannot be heard, through every process."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from actions.catalog import Catalog
from tests.end_to_end.stack import Phone, Stack
from tests.end_to_end.test_citizens import ANSWERS, REQUESTS, YES
from voice.audio import decode_trusted, encode_opus

SPOKEN = {
    "te": {
        "date_of_birth": "పదిహేను ఆగస్టు పంతొమ్మిది వందల డెబ్బై ఐదు",
        "annual_income": "డెబ్బై రెండు వేలు",
        "district": "గుంటూరు",
        "purpose": "స్కాలర్‌షిప్",
    },
    "hi": {"annual_income": "बहत्तर हज़ार", "district": "हैदराबाद", "purpose": "छात्रवृत्ति"},
    "en": {"annual_income": "seventy two thousand", "district": "Guntur", "purpose": "scholarship"},
}
pytestmark = pytest.mark.xdist_group("stack")
NUMBERS = iter(range(919000001100, 919000001999))


@pytest.fixture
def phone(stack: Stack, catalog: Catalog) -> Phone:
    return Phone(stack, catalog, str(next(NUMBERS)), "te")


@pytest.fixture(scope="module", autouse=True)
def hearing(stack: Stack) -> Iterator[None]:
    if not httpx.get(f"{stack.url}/readyz").json()["speech"]:
        pytest.skip("no speech checkpoint")
    yield


def note(text: str, language: str, folder: Path) -> bytes:
    wav = folder / "note.wav"
    voice = {"te": "te", "hi": "hi", "en": "en-gb"}[language]
    subprocess.run(["espeak-ng", "-v", voice, "-s", "140", "-w", wav, text], check=True)
    return encode_opus(decode_trusted(wav.read_bytes()))


def says(phone: Phone, text: str, folder: Path) -> None:
    """Says it; when Mitra is not sure it heard it, says yes if it did, no if it did not."""
    phone.speaks(note(text, phone.language, folder))
    asks = phone.catalog.sentences["heard"][phone.language].partition("{text}")
    if phone.said.startswith(asks[0]):
        heard = phone.said.removeprefix(asks[0]).partition(asks[2][:8])[0]
        phone.presses("yes" if heard.replace(" ", "") == text.replace(" ", "") else "no")


@pytest.mark.parametrize("language", ["te", "hi", "en"])
def test_a_certificate_is_applied_for_half_by_voice(phone: Phone, language: str, tmp_path: Path) -> None:
    phone.language = language
    phone.speaks(note(REQUESTS[language], language, tmp_path))
    assert phone.notes, "who speaks is spoken to"
    if phone.catalog.sentences["heard"][language].partition("{text}")[0] in phone.said:
        phone.presses("yes")
    assert phone.buttons == ["yes", "no"], phone.said
    phone.presses("yes")
    by_voice: set[str] = set()
    for _ in range(30):
        asked = phone.asked
        if not asked:
            break
        if asked in SPOKEN[language] and asked not in by_voice:
            by_voice.add(asked)
            says(phone, SPOKEN[language][asked], tmp_path)
        if phone.asked in {"", asked}:
            phone.writes(ANSWERS[language][asked])
    assert len(by_voice) >= 3
    assert re.search(r"IC\d+", phone.writes(YES[language])), phone.said


def silence(seconds: float) -> bytes:
    return encode_opus(np.zeros(int(seconds * 16000), dtype="float32"))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("pdf", "unheard_not_audio"),
        ("silent", "unheard_silent"),
        ("corrupt", "unheard_corrupt"),
        ("ten minutes", "unheard_too_long"),
    ],
)
def test_a_note_that_cannot_be_heard_is_told_why(phone: Phone, tmp_path: Path, kind: str, sentence: str) -> None:
    content = {
        "pdf": lambda: b"%PDF-1.7\n" + b"0" * 4000,
        "silent": lambda: silence(3),
        "corrupt": lambda: (whole := note(REQUESTS["te"], "te", tmp_path))[: len(whole) // 2],
        "ten minutes": lambda: silence(600),
    }[kind]()
    phone.speaks(content)
    sentences = phone.catalog.sentences
    told = {key for key in sentences if key.startswith("unheard_") and sentences[key]["te"] == phone.said}
    assert told == {sentence}, phone.said

"""Synthetic notes in three languages are heard; what nobody should act upon is refused by name."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest
import torch
import typer

from voice import commands, listen, models
from voice.audio import RATE
from voice.decoding import Guess
from voice.errors import Reason, Unheard
from voice.listen import Listener, Piece, Transcript, doubt, hear, in_script
from voice.models import Weights
from voice.training import sounds

RECORDINGS = Path(__file__).parents[1] / "recordings"
KAVALI = "\u0c15\u0c3e\u0c35\u0c3e\u0c32\u0c3f"
CHAHIYE = "\u091a\u093e\u0939\u093f\u090f"
TAMIL = "\u0b8e\u0ba9\u0b95\u0bcd\u0b95\u0bc1 \u0bb5\u0bc7\u0ba3\u0bcd\u0b9f\u0bc1\u0bae\u0bcd"


@pytest.fixture(scope="module")
def builtin() -> Weights:
    torch.set_num_threads(1)
    return models.load("builtin")


def recording(name: str) -> bytes:
    return (RECORDINGS / name).read_bytes()


def expected() -> dict[str, str]:
    rows = (RECORDINGS / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(row.split("\t") for row in rows)


@pytest.mark.parametrize("name", expected())
def test_a_voice_note_is_heard_in_its_language(name: str) -> None:
    transcript = listen.listen(recording(name))
    said, heard = expected()[name].split(), transcript.text.split()
    assert transcript.language == name[:2]
    assert 0 < transcript.confidence <= 1
    assert sum(word in heard for word in said) >= len(said) * 0.5


@pytest.mark.parametrize("name", ["te_electricity_bill.ogg", "hi_caste_certificate.ogg"])
def test_noise_at_15_decibels_does_not_drown_a_note(builtin: Weights, name: str) -> None:
    samples = listen.sound.decode(recording(name))
    noisy = samples + np.random.default_rng(1).standard_normal(len(samples)).astype(np.float32) * samples.std() * 0.18
    said, heard = expected()[name].split(), hear(builtin, noisy, prior=name[:2]).text.split()
    assert sum(word in heard for word in said) >= len(said) * 0.33


def test_a_long_note_gives_a_whole_transcript(builtin: Weights) -> None:
    names = [name for name in expected() if name.startswith("te") and " " in expected()[name]]
    spoken = [listen.sound.decode(recording(name)) for name in names] * 3
    note = np.concatenate([part for samples in spoken for part in (samples, np.zeros(RATE, np.float32))])
    assert len(note) > 30 * RATE
    said = " ".join(expected()[name] for name in names) * 3
    assert 0.7 < len(hear(builtin, note, prior="te").text) / len(said) < 1.3


@pytest.mark.parametrize("name", ["silence.ogg", "white_noise.ogg", "hum_50_hz.ogg"])
def test_a_note_without_speech_is_refused(name: str) -> None:
    with pytest.raises(Unheard) as caught:
        listen.listen(recording(name))
    assert caught.value.reason in (Reason.SILENT, Reason.NOISE)


@pytest.mark.parametrize("sound", sounds.NOT_SPEECH, ids=lambda sound: sound.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_no_sound_without_speech_becomes_words(builtin: Weights, sound: Callable, seed: int) -> None:
    random = np.random.default_rng(1000 + seed)
    with pytest.raises(Unheard) as caught:
        hear(builtin, sound(3 * RATE, random).astype(np.float32), prior="te")
    assert caught.value.reason in (Reason.SILENT, Reason.NOISE, Reason.UNCERTAIN)


def guess(text: str, writing: float = -0.2, spelling: float = -0.2) -> list[Piece]:
    return [Piece(3.0, [Guess(text, writing, spelling)])]


@pytest.mark.parametrize(
    "pieces",
    [
        guess("sure", writing=-3.0, spelling=0.0),
        guess("sure", spelling=-5.0),
        guess("thank you very much " * 8),
        guess("ab " * 60),
        guess("x" * 200),
    ],
    ids=["improbable", "misspelled", "a sentence in a loop", "a word in a loop", "too fast"],
)
def test_what_a_model_invents_is_doubted(pieces: list[Piece]) -> None:
    with pytest.raises(Unheard) as caught:
        doubt(pieces)
    assert caught.value.reason is Reason.UNCERTAIN


def test_repeated_digits_of_a_number_are_no_loop() -> None:
    doubt(guess("nine nine nine zero zero zero zero one"))


@pytest.mark.parametrize(
    ("text", "language", "fits"),
    [
        (KAVALI, "te", True),
        (CHAHIYE, "te", False),
        (TAMIL, "te", False),
        (f"income certificate {KAVALI}", "te", True),
        (f"certificate {KAVALI} {KAVALI}", "te", True),
        ("naaku kaavaali", "hi", False),
        ("yes", "en", True),
    ],
)
def test_letters_tell_whether_the_script_is_right(text: str, language: str, fits: bool) -> None:
    assert in_script(text, language) is fits


def test_a_transcript_in_foreign_letters_is_forced_once_and_then_refused(
    builtin: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[bool] = []

    def tamil(*_: object, own_script: bool = False, **__: object) -> list[Guess]:
        forced.append(own_script)
        return guess(TAMIL)[0].guesses

    monkeypatch.setattr(
        listen.decoding, "transcribe", lambda w, f, lang, expect, own_script: tamil(own_script=own_script)
    )
    with pytest.raises(Unheard) as caught:
        hear(builtin, listen.sound.decode(recording(next(iter(expected())))), prior="te")
    assert caught.value.reason is Reason.WRONG_SCRIPT
    assert forced[-1] is True and forced.count(True) == 1


@pytest.mark.anyio
async def test_a_full_queue_says_busy_and_loses_no_accepted_note(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    listener = Listener("builtin", waiting=1)

    def slowly(audio: bytes, prior: str | None, expect: tuple[str, ...]) -> Transcript:
        gate.wait(10)
        return Transcript(audio.decode(), "en", 1.0)

    monkeypatch.setattr(listener, "hear", slowly)
    accepted = [asyncio.create_task(listener.listen(name)) for name in (b"first", b"second")]
    await asyncio.sleep(0.05)
    with pytest.raises(Unheard) as caught:
        await listener.listen(b"third")
    assert caught.value.reason is Reason.BUSY
    gate.set()
    assert [note.text for note in await asyncio.gather(*accepted)] == ["first", "second"]
    assert (await listener.listen(b"fourth")).text == "fourth"
    listener.close()


@pytest.mark.anyio
async def test_a_listener_hears_what_the_function_hears() -> None:
    name = next(iter(expected()))
    listener = Listener("builtin")
    assert not listener.ready
    assert listener.warm() == "builtin"
    assert listener.ready
    assert await listener.listen(recording(name), prior="te") == listen.listen(recording(name), prior="te")
    listener.close()


def test_the_command_prints_text_language_and_confidence() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        commands.listen(RECORDINGS / next(iter(expected())))
    assert " 0." in out.getvalue() or " 1.0" in out.getvalue()


def test_the_command_fails_with_the_reason(capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(typer.Exit):
        commands.listen(RECORDINGS / "silence.ogg")
    assert "silent" in capsys.readouterr().err


def test_speaking_on_the_command_line_writes_a_note(tmp_path: Path) -> None:
    commands.speak("hello", language="en", output=tmp_path / "note.ogg")
    assert (tmp_path / "note.ogg").read_bytes().startswith(b"OggS")

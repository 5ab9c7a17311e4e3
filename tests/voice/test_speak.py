"""Texts become WhatsApp voice notes, and nothing personal goes to gTTS."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from voice import speak as module
from voice.audio import RATE, VOICE_NOTE_BYTES, Samples, decode
from voice.errors import Reason, Unspoken
from voice.speak import Breaker, Speaker, by_espeak

HELLO = {
    "te": "\u0c28\u0c2e\u0c38\u0c4d\u0c15\u0c3e\u0c30\u0c02, \u0c2e\u0c40 \u0c2b\u0c40\u0c1c\u0c41 \u20b945",
    "hi": "\u0928\u092e\u0938\u094d\u0924\u0947, \u0906\u092a\u0915\u0940 \u092b\u0940\u0938 \u20b945",
    "en": "Hello, your fee is Rs. 45",
}


def sound() -> Samples:
    return np.sin(np.arange(RATE) * 0.1).astype(np.float32) * 0.3


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that gTTS was asked for; it answers with a tone."""
    texts: list[str] = []

    def google(said: str, language: str) -> Samples:
        texts.append(said)
        return sound()

    monkeypatch.setattr(module, "by_gtts", google)
    return texts


@pytest.mark.parametrize("language", HELLO)
def test_espeak_says_each_language_as_a_voice_note(language: str, tmp_path: Path) -> None:
    note = Speaker("espeak", tmp_path).say(HELLO[language], language)
    samples = decode(note.content)
    assert note.mime == "audio/ogg; codecs=opus"
    assert note.content.startswith(b"OggS") and len(note.content) < VOICE_NOTE_BYTES
    assert 1.0 < len(samples) / RATE < 15.0
    assert np.abs(samples).max() > 0.1


def test_personal_texts_never_reach_gtts(asked: list[str], tmp_path: Path) -> None:
    Speaker("gtts", tmp_path).say("Lakshmi, your number is 9876543210", "en")
    assert asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_public_text_is_asked_of_gtts_once_and_kept_for_other_processes(asked: list[str], tmp_path: Path) -> None:
    first = Speaker("auto", tmp_path).say("Welcome", "en", public=True)
    second = Speaker("auto", tmp_path).say("Welcome", "en", public=True)
    assert first == second
    assert asked == ["Welcome"]


def test_the_same_text_in_another_language_is_another_note(tmp_path: Path) -> None:
    speaker = Speaker("espeak", tmp_path)
    assert speaker.say("12 24", "hi") != speaker.say("12 24", "en")


def test_without_a_network_espeak_speaks_and_gtts_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries: list[str] = []

    def unreachable(said: str, language: str) -> Samples:
        tries.append(said)
        raise OSError

    monkeypatch.setattr(module, "by_gtts", unreachable)
    speaker = Speaker("auto", tmp_path)
    for text in ("one", "two", "three", "four"):
        assert decode(speaker.say(text, "en", public=True).content).size
    assert tries == ["one", "two"]


def test_the_breaker_tries_again_after_its_rest() -> None:
    breaker = Breaker(most=1, rest=0.0)
    breaker.failed()
    assert breaker.closed


def test_gtts_that_dawdles_is_given_up() -> None:
    with pytest.raises(TimeoutError):
        list(module.until(iter([b"a", b"b"]), deadline=0.0))


@pytest.mark.parametrize("text", ["", " \n ", "\U0001f600\U0001f64f", "*** ---", "https://a.example"])
def test_a_text_with_nothing_to_say_is_empty(text: str, tmp_path: Path) -> None:
    with pytest.raises(Unspoken) as caught:
        Speaker("espeak", tmp_path).say(text, "te")
    assert caught.value.reason is Reason.EMPTY


def test_speech_can_be_turned_off(tmp_path: Path) -> None:
    with pytest.raises(Unspoken) as caught:
        Speaker("off", tmp_path).say("hello", "en")
    assert caught.value.reason is Reason.OFF


def test_an_unknown_mode_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MITRA_TTS=loud"):
        Speaker("loud", tmp_path)


def test_a_missing_espeak_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(subprocess, "run", missing)
    with pytest.raises(Unspoken) as caught:
        by_espeak("hello", "en")
    assert caught.value.reason is Reason.DOWN


def test_a_text_that_looks_like_an_option_is_only_said(tmp_path: Path) -> None:
    assert decode(Speaker("espeak", tmp_path).say("-w /etc/passwd --help", "en").content).size


@pytest.mark.anyio
async def test_speaking_can_be_awaited(tmp_path: Path) -> None:
    speaker = Speaker("espeak", tmp_path)
    assert (await speaker.speak("hello", "en")).content.startswith(b"OggS")
    speaker.close()

"""Any common format in, everything else refused by name, voice notes out."""

from __future__ import annotations

import zipfile
from io import BytesIO

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.conftest import FORMATS, encoded, melody
from voice import audio
from voice.audio import MAX_BYTES, RATE, VOICE_NOTE_BYTES, container_of, decode, decode_trusted, encode_opus, voice_note
from voice.errors import Reason, Unheard


def reason_of(content: bytes) -> Reason:
    with pytest.raises(Unheard) as caught:
        decode(content)
    return caught.value.reason


def film() -> bytes:
    out = BytesIO()
    with av.open(out, "w", format="mp4") as sink:
        pictures, sound = sink.add_stream("mpeg4", rate=5), sink.add_stream("aac", rate=RATE, layout="mono")
        pictures.width = pictures.height = 32
        for number in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), number * 40, np.uint8), format="rgb24")
            sink.mux(pictures.encode(frame))
        tone = av.AudioFrame.from_ndarray(melody(0.064)[None], format="fltp", layout="mono")
        tone.rate = RATE
        sink.mux(sound.encode(tone))
        sink.mux([*pictures.encode(None), *sound.encode(None)])
    return out.getvalue()


def zip_file() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.ogg", b"\0" * 5_000_000)
    return out.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_every_common_format_becomes_16_khz_mono(name: str) -> None:
    samples = decode(encoded(melody(1.5), name))
    assert samples.dtype == np.float32
    assert len(samples) / RATE == pytest.approx(1.5, abs=0.15)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.fft.rfftfreq(len(samples), 1 / RATE)[spectrum.argmax()] == pytest.approx(440, abs=5)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 not a note",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        zip_file(),
        b"#EXTM3U\nfile:///etc/passwd\n",
        film(),
        b"hello",
    ],
    ids=["nothing", "pdf", "png", "zip bomb", "playlist", "film", "text"],
)
def test_what_is_no_audio_is_called_so(content: bytes) -> None:
    assert reason_of(content) is Reason.NOT_AUDIO


@pytest.mark.parametrize("name", ["opus.ogg", "wav", "m4a"])
def test_a_note_that_is_cut_off_is_corrupt(name: str) -> None:
    whole = encoded(melody(3), name)
    assert reason_of(whole[: len(whole) * 2 // 3]) is Reason.CORRUPT


def test_an_ogg_header_before_rubbish_is_corrupt() -> None:
    assert reason_of(b"OggS" + bytes(range(256)) * 8) is Reason.CORRUPT


def test_more_than_16_megabytes_are_too_big() -> None:
    assert reason_of(b"OggS" + bytes(MAX_BYTES)) is Reason.TOO_BIG


def test_a_ten_minute_note_is_too_long() -> None:
    assert reason_of(encoded(np.zeros(600 * RATE, np.float32), "flac")) is Reason.TOO_LONG


def test_a_file_that_keeps_the_worker_busy_is_corrupt_and_the_next_one_is_heard() -> None:
    note = encode_opus(melody(60))
    with pytest.raises(Unheard) as caught:
        decode(note, timeout=0.0)
    assert caught.value.reason is Reason.CORRUPT
    assert len(decode(note)) / RATE == pytest.approx(60, abs=0.1)


def test_opus_keeps_the_sound() -> None:
    before = melody(2)
    after = decode_trusted(encode_opus(before))
    assert np.corrcoef(before, after[: len(before)])[0, 1] > 0.95


def test_a_voice_note_never_exceeds_what_whatsapp_plays() -> None:
    note = voice_note(np.random.default_rng(0).uniform(-0.5, 0.5, 240 * RATE).astype(np.float32))
    assert note.mime == "audio/ogg; codecs=opus"
    assert len(note.content) <= VOICE_NOTE_BYTES


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["opus.ogg", "mp3", "m4a", "wav"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
def test_damage_gives_samples_or_a_reason_but_no_other_fault(name: str, place: int, damage: bytes) -> None:
    content = DAMAGED[name]
    at = place % len(content)
    try:
        assert len(decode(content[:at] + damage + content[at + len(damage) :])) > 0
    except Unheard as fault:
        assert fault.reason in (Reason.CORRUPT, Reason.NOT_AUDIO, Reason.TOO_LONG)


DAMAGED = {name: encoded(melody(0.6), name) for name in ("opus.ogg", "mp3", "m4a", "wav")}


@given(st.binary(max_size=64))
def test_any_first_bytes_have_a_container_or_none(head: bytes) -> None:
    assert container_of(head) in (None, "ogg", "wav", "amr", "mov", "matroska", "flac", "mp3", "aac")


def test_limits_are_those_of_the_platform() -> None:
    assert (audio.MAX_BYTES, audio.MAX_SECONDS, audio.VOICE_NOTE_BYTES) == (16 * 2**20, 300, 512 * 2**10)

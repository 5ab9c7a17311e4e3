"""Audio in and out: any common format to 16 kHz mono float32, and back to the OGG/Opus voice note that WhatsApp shows.

Notes come from strangers. `decode` therefore only opens formats whose first bytes it knows (a playlist could make
FFmpeg open files and addresses), and does it in a worker process of its own that may be killed: see `voice.guard`.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.error import FFmpegError

from voice.errors import Reason, Unheard

RATE = 16_000
MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 300
VOICE_NOTE_BYTES = 512 * 1024
VOICE_NOTE_MIME = "audio/ogg; codecs=opus"
MIN_SAMPLES = RATE // 10
DAMAGED_PACKETS = 20
STREAMED = 0x7FFFF000  # sizes from here on stand for "not known" in a WAV that was written to a pipe
Samples = np.ndarray


@dataclass(frozen=True)
class Audio:
    """A finished audio file and its MIME type."""

    content: bytes
    mime: str


def decode(content: bytes, timeout: float = 20.0) -> Samples:
    """The note as 16 kHz mono float32 in -1 to 1. Unheard: too_big, too_long, not_audio, corrupt."""
    from voice.guard import guarded_decode

    if len(content) > MAX_BYTES:
        raise Unheard(Reason.TOO_BIG)
    if container_of(content) is None:
        raise Unheard(Reason.NOT_AUDIO)
    return guarded_decode(content, timeout)


def container_of(content: bytes) -> str | None:
    """FFmpeg's name of the container by its first bytes; None for what is no audio file that we take."""
    head = content[:16]
    if head.startswith(b"OggS"):
        return "ogg"
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return "wav"
    if head.startswith(b"#!AMR"):
        return "amr"
    if head[4:8] == b"ftyp":
        return "mov"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if head.startswith(b"fLaC"):
        return "flac"
    return mpeg_of(head)


def mpeg_of(head: bytes) -> str | None:
    """MP3 (with or without a tag) and AAC have only a few fixed bits."""
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) < 3 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "aac"
    layer, bit_rate = head[1] & 0x06, head[2] >> 4
    return "mp3" if head[1] & 0xE0 == 0xE0 and layer and 0 < bit_rate < 15 else None


def decode_trusted(content: bytes) -> Samples:
    """As `decode`, in this process and without a time limit: for audio that we made ourselves, and for the worker."""
    container = container_of(content)
    if container is None:
        raise Unheard(Reason.NOT_AUDIO)
    if is_cut_off(content, container):
        raise Unheard(Reason.CORRUPT)
    try:
        with av.open(io.BytesIO(content), "r", format=container) as source:
            pieces = list(resampled(source))
    except (FFmpegError, ValueError, MemoryError) as fault:
        raise Unheard(Reason.CORRUPT) from fault
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
    if len(samples) < MIN_SAMPLES:
        raise Unheard(Reason.CORRUPT)
    return samples


def resampled(source: av.container.InputContainer) -> Iterator[Samples]:
    """The first sound track in pieces; a film is not taken for a voice note."""
    if not source.streams.audio or any(is_film(stream) for stream in source.streams.video):
        raise Unheard(Reason.NOT_AUDIO)
    resampler = av.AudioResampler("flt", "mono", RATE)
    seconds = 0.0
    for frame in decoded(source):
        seconds += frame.samples / (frame.sample_rate or RATE)
        if seconds > MAX_SECONDS:
            raise Unheard(Reason.TOO_LONG)
        yield from (piece.to_ndarray()[0] for piece in resampler.resample(frame))
    yield from (piece.to_ndarray()[0] for piece in resampler.resample(None))


def is_film(stream: av.VideoStream) -> bool:
    """Moving pictures, not the cover of a record."""
    return not bool(stream.disposition & av.stream.Disposition.attached_pic)


def decoded(source: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    """Frames of the first sound track; a few damaged packets are passed over."""
    damaged = 0
    for packet in source.demux(source.streams.audio[0]):
        try:
            yield from packet.decode()
        except FFmpegError:
            damaged += 1
            if damaged > DAMAGED_PACKETS:
                raise


def is_cut_off(content: bytes, container: str) -> bool:
    """Whether the file ends in the middle of what its own headers promise (OGG pages, a WAV's data)."""
    if container == "ogg":
        return ogg_is_cut_off(content)
    if container == "wav":
        promised = struct.unpack_from("<I", content, 4)[0]
        return bool(len(content) < promised + 8 - 1 and promised < STREAMED)
    return False


def ogg_is_cut_off(content: bytes) -> bool:
    """Walk the pages: 27 bytes of header, a table of segment sizes, the segments."""
    at = 0
    while at + 27 <= len(content) and content[at : at + 4] == b"OggS":
        segments = content[at + 26]
        table = content[at + 27 : at + 27 + segments]
        at += 27 + segments + sum(table)
        if len(table) < segments:
            return True
    return at > len(content) or at < len(content) and len(content) - at < 27 and content[at : at + 4] == b"OggS"


def encode_opus(samples: Samples, bit_rate: int = 24_000) -> bytes:
    """16 kHz mono float32 as OGG/Opus."""
    out = io.BytesIO()
    pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    with av.open(out, "w", format="ogg") as sink:
        stream = sink.add_stream("libopus", rate=RATE, layout="mono", options={"application": "voip"})
        stream.bit_rate = bit_rate
        for start in range(0, len(pcm), RATE):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(pcm[None, start : start + RATE]), format="s16", layout="mono"
            )
            frame.rate, frame.pts = RATE, start
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return out.getvalue()


def voice_note(samples: Samples) -> Audio:
    """A WhatsApp voice note of at most 512 KB; what is too long for that is cut at the end."""
    longest = int(VOICE_NOTE_BYTES * 0.9 * 8 / 24_000 * RATE)
    return Audio(encode_opus(samples[:longest]), VOICE_NOTE_MIME)

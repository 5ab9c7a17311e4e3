"""The synthetic speakers: espeak-ng's voice variants and Festival's recorded-diphone voices; some are heard in tests
only.
"""

from __future__ import annotations

import subprocess
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voice.audio import RATE
from voice.training.augment import resample

LANGUAGES = ("te", "hi", "en")
ACCENTS = {"te": ("te",), "hi": ("hi",), "en": ("en-gb", "en-us", "en-029", "en-gb-x-rp", "en-gb-scotland")}
TEST_VARIANTS = ("Andrea", "Mario", "f5", "m6", "steph2", "victor", "linda", "klatt3")
PLAIN = [""] * 6  # the plain voice is what most people have heard
TRAIN_VARIANTS = (
    *PLAIN,
    *"Alex Alicia Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Michael Mike Nguyen".split(),
    *"RicishayMax RicishayMax2 RicishayMax3 Storm Tweaky adam anika announcer antonio aunty belinda".split(),
    *"benjamin boris caleb david ed edward edward2 f1 f2 f3 f4 grandma grandpa gustave iven iven2 iven3".split(),
    *"iven4 john kaukovalta klatt klatt2 klatt4 klatt5 klatt6 m1 m2 m3 m4 m5 m7 m8 marcelo max michel".split(),
    *"miguel norbert pablo paul pedro quincy rob robert sandro shelby steph steph3 travis zac".split(),
)
EASY_VARIANTS = ("", "f2", "m3", "f4", "m7")
FESTIVAL = {
    "te": ("voice_telugu_NSK_diphone",),
    "hi": ("voice_hindi_NSK_diphone",),
    "en": ("voice_kal_diphone", "voice_cmu_us_slt_arctic_hts"),
}
# The Indian diphone voices have no working pitch model of their own.
FLAT_PITCH = "(Parameter.set 'Int_Method 'DuffInt) (Parameter.set 'Int_Target_Method 'DuffInt)"
Samples = np.ndarray


@dataclass(frozen=True)
class Speaker:
    """One way to say one thing; `speed` is words a minute for espeak-ng, a stretch in per cent for Festival."""

    engine: str
    voice: str
    speed: int
    pitch: int


def draw(language: str, split: str, random: np.random.Generator, festival_share: float = 0.12) -> Speaker:
    """A speaker of `language` for the `train` or the `test` split."""
    if split == "train" and random.random() < festival_share:
        voice = str(random.choice(FESTIVAL[language]))
        return Speaker("festival", voice, int(random.uniform(70, 115)), int(random.uniform(85, 230)))
    variant = random.choice(TRAIN_VARIANTS if split == "train" else TEST_VARIANTS)
    accent = random.choice(ACCENTS[language])
    return Speaker(
        "espeak", f"{accent}+{variant}".rstrip("+"), int(random.uniform(115, 190)), int(random.uniform(20, 80))
    )


def draw_easy(language: str, random: np.random.Generator) -> Speaker:
    """One of a handful of clear speakers at a normal speed, to begin a training with."""
    variant = random.choice(EASY_VARIANTS)
    voice = f"{ACCENTS[language][0]}+{variant}".rstrip("+")
    return Speaker("espeak", voice, int(random.uniform(135, 165)), int(random.uniform(40, 60)))


def say(texts: list[str], speaker: Speaker) -> list[Samples]:
    """The texts spoken, 16 kHz mono; an empty array where the engine produced nothing."""
    if speaker.engine == "festival":
        return festival(texts, speaker)
    return [espeak(text, speaker) for text in texts]


def espeak(text: str, speaker: Speaker) -> Samples:
    """One text through the espeak-ng program."""
    command = [
        "espeak-ng",
        "-v",
        speaker.voice,
        "-s",
        str(speaker.speed),
        "-p",
        str(speaker.pitch),
        "-b",
        "1",
        "--stdin",
        "--stdout",
    ]
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=30, check=False)
    # The header of a piped WAV has no true length: 44 bytes, then 22,050 Hz s16.
    pcm = np.frombuffer(done.stdout[44 : 44 + (len(done.stdout) - 44) // 2 * 2], "<i2")
    return at_rate(pcm.astype(np.float32) / 32768, 22050)


def festival(texts: list[str], speaker: Speaker) -> list[Samples]:
    """Many texts through one run of Festival, which is slow to start."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "say.scm")
        script.write_text(
            "\n".join([*festival_setup(speaker), *(festival_line(t, f"{folder}/{i}.wav") for i, t in enumerate(texts))])
        )
        subprocess.run(["festival", "-b", str(script)], capture_output=True, timeout=60 + 5 * len(texts), check=False)
        return [read_wave(Path(folder, f"{i}.wav")) for i in range(len(texts))]


def festival_setup(speaker: Speaker) -> list[str]:
    """The voice, its stretch, and for the Indian voices a falling pitch."""
    lines = [f"({speaker.voice})", f"(Parameter.set 'Duration_Stretch {speaker.speed / 100})"]
    if "NSK" in speaker.voice:
        lines += [FLAT_PITCH, f"(set! duffint_params '((start {speaker.pitch}) (end {int(speaker.pitch * 0.8)})))"]
    return lines


def festival_line(text: str, path: str) -> str:
    """Say one text into one file."""
    quoted = text.replace("\\", " ").replace('"', " ")
    return f'(utt.save.wave (utt.synth (Utterance Text "{quoted}")) "{path}" \'riff)'


def read_wave(path: Path) -> Samples:
    """A 16-bit WAV file at 16 kHz; empty if it is not there."""
    if not path.exists():
        return np.zeros(0, np.float32)
    with wave.open(str(path)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return at_rate(pcm.astype(np.float32) / 32768, file.getframerate())


def at_rate(samples: Samples, rate: int) -> Samples:
    """Resampled to 16 kHz."""
    if len(samples) < rate // 20:
        return np.zeros(0, np.float32)
    return resample(samples, int(len(samples) * RATE / rate))

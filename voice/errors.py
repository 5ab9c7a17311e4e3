"""What can go wrong between a voice note and its words, and back.

VoiceError
├── Unheard(reason)     a note gives no transcript
│   ├── too_big         more than 16 MB
│   ├── too_long        more than 5 minutes
│   ├── not_audio       a PDF, a picture, a film, a ZIP file ...
│   ├── corrupt         an audio file that is damaged or cut off
│   ├── silent          nothing was recorded
│   ├── noise           sound, but no speech in it
│   ├── wrong_script    the words came out in another language's letters, twice
│   ├── uncertain       words came out that nobody should act upon
│   └── busy            too many notes wait already; the citizen may send it again
├── Unspoken(reason)    a text gives no voice note
│   ├── off             MITRA_TTS is off
│   ├── empty           nothing in the text can be said
│   └── down            no engine answered in time
└── BrokenWeights       a speech checkpoint is damaged or of an unknown kind
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The last words of the tree above; also keys of sentences in nlu_data/talk."""

    TOO_BIG = "too_big"
    TOO_LONG = "too_long"
    NOT_AUDIO = "not_audio"
    CORRUPT = "corrupt"
    SILENT = "silent"
    NOISE = "noise"
    WRONG_SCRIPT = "wrong_script"
    UNCERTAIN = "uncertain"
    BUSY = "busy"
    OFF = "off"
    EMPTY = "empty"
    DOWN = "down"


class VoiceError(Exception):
    """Anything of this package that a caller must be ready for."""


class Unheard(VoiceError):
    """A note gives no transcript; `reason` says why."""

    def __init__(self, reason: Reason | str) -> None:
        super().__init__(str(reason))
        self.reason = Reason(reason)


class Unspoken(VoiceError):
    """A text gives no voice note; `reason` says why. The text itself goes out all the same."""

    def __init__(self, reason: Reason | str) -> None:
        super().__init__(str(reason))
        self.reason = Reason(reason)


class BrokenWeights(VoiceError):
    """A speech checkpoint is damaged or of an unknown kind; the message says which and what to do."""

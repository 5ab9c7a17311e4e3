"""`mitra listen AUDIO` and `mitra speak TEXT --language te -o note.ogg`: plain functions for the command line to
register.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from voice.errors import Unheard, Unspoken


def listen(
    audio: Annotated[Path, typer.Argument(help="A voice note in any common format", exists=True, dir_okay=False)],
    prior: Annotated[str | None, typer.Option(help="The citizen's language: te, hi or en")] = None,
) -> None:
    """Write down what is said in AUDIO, with its language and how sure that is."""
    from voice.listen import listen as heard

    try:
        transcript = heard(audio.read_bytes(), prior=prior)
    except Unheard as fault:
        typer.echo(f"{audio}: {fault.reason}", err=True)
        raise typer.Exit(1) from fault
    typer.echo(f"{transcript.text}\n{transcript.language} {transcript.confidence:.2f}")
    for other in transcript.alternatives:
        typer.echo(f"  {other}")


def speak(
    text: Annotated[str, typer.Argument(help="What to say")],
    language: Annotated[Literal["te", "hi", "en"], typer.Option(help="The language it is in")] = "te",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to write the OGG/Opus note; - is standard output")
    ] = Path("note.ogg"),
    public: Annotated[bool, typer.Option(help="The text holds no personal data and may be sent to gTTS")] = False,
) -> None:
    """Write TEXT as a voice note."""
    from voice.speak import speak as said

    try:
        note = said(text, language, public=public)
    except Unspoken as fault:
        typer.echo(f"not spoken: {fault.reason}", err=True)
        raise typer.Exit(1) from fault
    if str(output) == "-":
        sys.stdout.buffer.write(note.content)
    else:
        output.write_bytes(note.content)
        typer.echo(f"{output}: {len(note.content)} bytes")

"""The gateway without voice, for tests that kill it: `uvicorn serve_gateway:create_app --factory`."""

from __future__ import annotations

from fastapi import FastAPI

from channels import app
from channels.speech import Speech, Voice
from voice.errors import BrokenWeights


def no_voice() -> Voice:
    raise BrokenWeights("none in this test")


def create_app() -> FastAPI:
    """As `channels.app:create_app`, text only."""
    return app.create_app(speech=Speech(no_voice))

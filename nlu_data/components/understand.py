"""Understands lines with a trained model and no server: `python -m nlu_data.components.understand MODEL < lines`."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TextIO

from rasa.core.agent import Agent


async def understand(model: str, lines: TextIO, parses: TextIO) -> None:
    """One JSON parse a line, in the order of the lines."""
    agent = Agent.load(model)
    for line in lines:
        parse = await agent.parse_message(line.rstrip("\n"))
        parses.write(json.dumps(parse, ensure_ascii=False, default=str) + "\n")


if __name__ == "__main__":
    asyncio.run(understand(sys.argv[1], sys.stdin, sys.stdout))

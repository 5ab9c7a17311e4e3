"""The understanding runs in Rasa's environment; elsewhere what needs its packages is left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
pytest.importorskip("ruamel.yaml")
pytest.importorskip("rapidfuzz")
pytest.importorskip("stdnum")

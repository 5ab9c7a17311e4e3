"""A department's JSON, read field by field; a field that is missing or malformed is the department's fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from actions.errors import DepartmentDown

T = TypeVar("T")


class Answer:
    """One JSON object of a department."""

    def __init__(self, department: str, data: Mapping[str, object]) -> None:
        self._department = department
        self._data = data

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._data.get(name) is not None

    def is_object(self, name: str) -> bool:
        """Whether the field is an object, such as a text by language."""
        return isinstance(self._data.get(name), dict)

    def text(self, name: str, default: str | None = None) -> str:
        """A text; a number is taken as its digits."""
        if default is not None and not self.has(name):
            return default
        return self._read(name, str)

    def words(self, name: str, language: str) -> str:
        """A text that the department gives by language, in this one; English where it lacks it."""
        texts = self.texts(name)
        return texts.get(language) or texts["en"]

    def texts(self, name: str) -> dict[str, str]:
        """A text that the department gives by language."""
        found = self.part(name)._data
        if "en" not in found:
            raise DepartmentDown(self._department)
        return {language: str(text) for language, text in found.items()}

    def amount(self, name: str) -> Decimal:
        """Rupees."""
        return self._read(name, lambda found: Decimal(str(found)))

    def whole(self, name: str) -> int:
        """A whole number."""
        return self._read(name, lambda found: int(str(found)))

    def yes(self, name: str) -> bool:
        """A truth value."""
        return bool(self._read(name, lambda found: ("false", "true").index(str(found).lower())))

    def day(self, name: str) -> date:
        """An ISO date."""
        return self._read(name, lambda found: date.fromisoformat(str(found)[:10]))

    def moment(self, name: str) -> datetime:
        """An ISO date and time with its offset."""
        return self._read(name, lambda found: datetime.fromisoformat(str(found)))

    def part(self, name: str) -> Answer:
        """An object inside."""
        found = self._data.get(name)
        if not isinstance(found, dict):
            raise DepartmentDown(self._department)
        return Answer(self._department, found)

    def parts(self, name: str) -> list[Answer]:
        """A list of objects inside."""
        found = self._data.get(name)
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise DepartmentDown(self._department)
        return [Answer(self._department, row) for row in found]

    def codes(self, name: str) -> tuple[str, ...]:
        """A list of texts inside."""
        found = self._data.get(name)
        if not isinstance(found, list):
            raise DepartmentDown(self._department)
        return tuple(str(code) for code in found)

    def _read(self, name: str, read: Callable[[object], T]) -> T:
        found = self._data.get(name)
        if found is None:
            raise DepartmentDown(self._department)
        try:
            return read(found)
        except (ValueError, TypeError, KeyError, InvalidOperation):
            raise DepartmentDown(self._department) from None

"""What can go wrong between a citizen and a department.

MitraError
├── Refused            an answer or a request is not acceptable; carries the key of a sentence
├── NotFound           the department knows no such number
├── NothingDue         the account exists and owes nothing
├── SoldOut            no seat, room or slot is left
└── DepartmentDown     the department did not answer, or answered with a fault
"""

from __future__ import annotations


class MitraError(Exception):
    """Anything a citizen is told about, in their language."""


class Refused(MitraError):
    """Not acceptable; `reason` is the key of a sentence in `nlu_data/talk`, `details` fill its placeholders."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class NotFound(MitraError):
    """The department knows no such application, account, ticket or certificate."""


class NothingDue(MitraError):
    """The account exists and owes nothing."""


class SoldOut(MitraError):
    """No seat, room or slot is left."""


class DepartmentDown(MitraError):
    """The department did not answer in time, or answered with a fault of its own."""

    def __init__(self, department: str) -> None:
        super().__init__(department)
        self.department = department

"""Anna Canteens: where they are, when they serve, what they serve."""

from __future__ import annotations

from actions.departments.client import Department
from actions.departments.reading import address, information
from actions.departments.results import Information, Request

__all__ = ["nearest"]


async def nearest(department: Department, request: Request) -> Information:
    """The canteens nearest to a town or a shared location."""
    answer = await department.fetch("/canteens/search", request, address(request))
    return information(answer.parts("canteens"), request.language)

"""Whatever a department does, a client gives a result or a named error, in time, and nothing happens twice."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.departments import client
from actions.departments.registry import Departments, functions, resolve
from actions.departments.results import Application, Request
from actions.departments.sandbox.app import create_app
from actions.departments.sandbox.settings import Settings
from actions.errors import DepartmentDown, MitraError, NotFound, NothingDue, Refused, SoldOut

pytestmark = pytest.mark.anyio

TAKEN = {"applicationNo": "IC1234567890", "dueDate": "2026-03-17", "fee": 35}
APPLY = Request("income_certificate", {"applicant_name": "Ramesh Kolli", "aadhaar": "234567890124"}, "te", "key-1")


def _departments(answer: Callable[[httpx.Request], httpx.Response], **settings: float) -> Departments:
    quick = {"backoff": 0.001, "breaker_threshold": 100} | settings
    return Departments(client.Settings("http://departments.test", **quick), httpx.MockTransport(answer))


class Department:
    """Gives the prepared answers in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def _error(status: int, code: str = "x", **details: object) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "details": details}})


@pytest.mark.parametrize(
    "fault", [httpx.Response(503), httpx.Response(429), httpx.ConnectError(""), httpx.ReadTimeout("")]
)
async def test_a_department_that_stumbles_is_asked_again_under_the_same_key(fault) -> None:
    department = Department(fault, fault, httpx.Response(200, json=TAKEN))
    taken = await _departments(department).call("revenue.apply", APPLY)
    assert taken == Application("IC1234567890", date(2026, 3, 17), 35)
    assert [request.headers["Idempotency-Key"] for request in department.asked] == ["key-1"] * 3
    assert {request.headers["Accept-Language"] for request in department.asked} == {"te"}


@pytest.mark.parametrize("fault", [httpx.Response(500), httpx.ConnectError(""), httpx.ReadTimeout("")])
async def test_a_department_that_stays_down_is_called_down_by_its_name(fault) -> None:
    department = Department(fault)
    with pytest.raises(DepartmentDown) as down:
        await _departments(department).call("revenue.apply", APPLY)
    assert (down.value.department, len(department.asked)) == ("revenue", 3)


async def test_a_submission_without_a_key_is_never_repeated() -> None:
    department = Department(httpx.ReadTimeout(""))
    with pytest.raises(DepartmentDown):
        await _departments(department).call("revenue.apply", Request("income_certificate", {}, "te", ""))
    assert len(department.asked) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (_error(404), NotFound),
        (httpx.Response(402), NothingDue),
        (_error(409, "nothing_due"), NothingDue),
        (_error(409, "sold_out"), SoldOut),
        (_error(422, "denied_past_date"), Refused),
        (httpx.Response(401), DepartmentDown),
        (httpx.Response(422, text="oops"), DepartmentDown),
        (httpx.Response(422, json={"detail": "oops"}), DepartmentDown),
        (httpx.Response(200, text="<html>"), DepartmentDown),
        (httpx.Response(200, json=[]), DepartmentDown),
        (httpx.Response(200, json={}), DepartmentDown),
        (httpx.Response(200, json=TAKEN | {"fee": "many"}), DepartmentDown),
        (httpx.Response(200, json=TAKEN | {"dueDate": "soon"}), DepartmentDown),
        (httpx.Response(302, headers={"Location": "/"}), DepartmentDown),
    ],
)
async def test_every_answer_has_a_name_and_a_refusal_is_not_asked_for_twice(answer, error) -> None:
    department = Department(answer)
    with pytest.raises(error):
        await _departments(department).call("revenue.apply", APPLY)
    assert len(department.asked) == 1


async def test_a_refusal_carries_what_fills_its_sentence() -> None:
    with pytest.raises(Refused) as refused:
        await _departments(Department(_error(422, "denied_too_far_ahead", days=60))).call("revenue.apply", APPLY)
    assert (refused.value.reason, refused.value.details) == ("denied_too_far_ahead", {"days": 60})


async def test_a_department_that_fails_again_and_again_is_left_in_peace_for_a_while() -> None:
    department = Department(*[httpx.Response(500)] * 9, httpx.Response(200, json=TAKEN))
    departments = _departments(department, breaker_threshold=3, breaker_seconds=0.3)
    for _ in range(6):
        with pytest.raises(DepartmentDown):
            await departments.call("revenue.apply", APPLY)
    assert len(department.asked) == 9
    await asyncio.sleep(0.35)
    assert isinstance(await departments.call("revenue.apply", APPLY), Application)


async def test_one_department_down_leaves_the_others_up() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500) if request.url.path.startswith("/energy") else httpx.Response(200, json=TAKEN)

    departments = _departments(answer, breaker_threshold=1, breaker_seconds=60)
    with pytest.raises(DepartmentDown, match="energy"):
        await departments.call("energy.bill", Request("electricity_bill_due", {"service_number": "12345"}, "te", ""))
    assert await departments.call("revenue.apply", APPLY)


async def test_refusals_do_not_open_the_breaker() -> None:
    department = Department(_error(404), _error(404), _error(404), httpx.Response(200, json=TAKEN))
    departments = _departments(department, breaker_threshold=2, breaker_seconds=60)
    for _ in range(3):
        with pytest.raises(NotFound):
            await departments.call("revenue.apply", APPLY)
    assert await departments.call("revenue.apply", APPLY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    "applicationNo dueDate fee number status stages updatedAt certificateNo document bill charges details amount "
    "services id title seatsLeft canteens complaintNo deadline receiptNo paidAt bookingNo genuine account".split()
)
VALUES = {
    name: "1"
    for name in (
        "application_number certificate_number assessment_number service_number complaint_number cmrf_number "
        "ticket_number from_stop to_stop travel_date bus temple darshan_type visit_date town"
    ).split()
}


@given(st.sampled_from(sorted(functions())), st.dictionaries(FIELDS, JSON, max_size=6))
@settings(max_examples=300, deadline=None)
def test_no_answer_of_a_department_breaks_a_client(function, body) -> None:
    departments = _departments(Department(httpx.Response(200, json=body)))

    async def call() -> None:
        try:
            await departments.call(function, Request("x", VALUES, "hi", "k"))
        except MitraError:
            pass

    asyncio.run(call())


async def test_what_a_citizen_says_is_never_logged_nor_put_in_an_address(caplog) -> None:
    caplog.set_level(logging.DEBUG)
    department = Department(httpx.ConnectError("refused"), httpx.Response(200, json=TAKEN))
    await _departments(department).call("revenue.apply", APPLY)
    with pytest.raises(DepartmentDown) as down:
        await _departments(Department(httpx.ReadTimeout("slow"))).call("revenue.apply", APPLY)
    assert "Ramesh" not in caplog.text and "2345678" not in caplog.text
    assert down.value.__cause__ is None
    assert all(str(request.url) == "http://departments.test/revenue/applications" for request in department.asked)


def test_only_the_functions_of_departments_can_be_named() -> None:
    assert {"revenue.apply", "apsrtc.buses", "anna_canteens.nearest", "generic.pay"} <= functions()
    for name in ("revenue.body", "revenue._number", "client.value", "revenue", "os.system", "", "revenue.apply.x"):
        with pytest.raises(LookupError):
            resolve(name)


def test_settings_come_from_the_environment() -> None:
    read = client.Settings.from_environment({"DEPARTMENTS_URL": "https://d.example/", "DEPARTMENTS_TIMEOUT": "1"})
    assert (read.departments_url, read.timeout) == ("https://d.example", 1.0)
    assert client.Settings.from_environment({}) == client.Settings()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The sandbox behind a real socket."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    app = create_app(Settings(var=tmp_path, step_seconds=0, slow_seconds=3))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)


@pytest.mark.parametrize("mode", ["down", "error", "slow"])
async def test_a_fault_is_told_as_such_and_ends_when_it_is_lifted(served, mode) -> None:
    departments = Departments(client.Settings(served, timeout=1, attempts=2, backoff=0.01))
    bill = Request("electricity_bill_due", {"service_number": "123456781"}, "te", "")
    async with httpx.AsyncClient(base_url=served) as http:
        await http.post("/_faults", json={"department": "energy", "mode": mode})
        with pytest.raises(DepartmentDown, match="energy"):
            await departments.call("energy.bill", bill)
        assert (await http.get("/healthz")).json() == {"status": "ok"}
        assert (await http.get("/municipal/openapi.json")).status_code == 200
        await http.post("/_faults", json={"department": "energy", "mode": "none"})
    assert (await departments.call("energy.bill", bill)).total > 0
    await departments.aclose()


async def test_a_fault_of_no_department_is_refused(http) -> None:
    assert (await http.post("/_faults", json={"department": "railways", "mode": "down"})).status_code == 404
    assert (await http.post("/_faults", json={"department": "energy", "mode": "odd"})).status_code == 422
    everything = (await http.post("/_faults", json={"department": "all", "mode": "down"})).json()
    assert len(everything) == 8

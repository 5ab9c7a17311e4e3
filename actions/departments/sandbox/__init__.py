"""A sandbox that answers as the departments would: real HTTP, its own state, invented data.

Run it with `uvicorn actions.departments.sandbox.app:create_app --factory --port 8010`.

Rules for testers
- An account, assessment or service number ending in 0 owes nothing; one ending in 99 is unknown; any other has a bill
  that stays the same within its period and can be paid once.
- An application moves a step every SANDBOX_STEP_SECONDS (default 20). One whose applicant is named `Rejected` is
  rejected in the end.
- A birth is registered if it was in 1970 or later, and not on the first of January.
- The last bus of a day, the last darshan slot and the dormitory start with two places left.
- `POST /_faults {"department": "energy", "mode": "down" | "slow" | "error" | "none"}` makes a department fail; `"all"`
  names every one.
"""

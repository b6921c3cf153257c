"""The steps of the tour, in order. Each makes sure of what it shows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from cli.tour.guide import CROWD, MINA, OTTO, RECEPTION, SUSPENDED, Guide, Person

Step = Callable[[Guide], Awaitable[None]]


async def opening(guide: Guide) -> None:
    """Reception adds a practitioner and opens the diary."""
    body = {"name": "Dr Ada Moreau", "speciality": "general"}
    added = await guide.call(RECEPTION, "POST", "/clinic/practitioners", body)
    guide.expect("the practitioner is there", added, 200)
    guide.found["practitioner"] = added.content["practitioner"]
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    times = [{"starts_at": _text(first + timedelta(minutes=30 * number)), "minutes": 30} for number in range(4)]
    path = f"/clinic/practitioners/{guide.found['practitioner']}/slots"
    opened = await guide.call(RECEPTION, "POST", path, {"slots": times})
    guide.expect("four slots are open", opened, 200)
    names = ("first slot", "contested slot", "slot behind a lock", "free slot")
    guide.found.update(zip(names, opened.content["slots"], strict=True))


async def registering(guide: Guide) -> None:
    """Patients register; a row belongs to whoever made it."""
    for who in (MINA, OTTO):
        answer = await guide.call(who, "POST", "/clinic/patients", _registration(who))
        guide.expect(f"{who.subject} is registered", answer, 200)
        guide.found[who.subject] = answer.content["patient"]


async def booking(guide: Guide) -> None:
    """A booking: one HTTP call, one Temporal workflow, one PostgreSQL transaction, one audit row."""
    body = {"slot": guide.found["first slot"], "reason": "A cough that stays."}
    key = {"Idempotency-Key": "mina-books-once"}
    booked = await guide.call(MINA, "POST", "/clinic/appointments", body, headers=key)
    guide.expect("the slot is booked", booked, 200)
    guide.found["appointment"], guide.found["booking run"] = booked.content["appointment"], booked.run
    guide.show.sure("one audit row tells of it", await guide.audited(booked.run) == 1)


async def the_same_again(guide: Guide) -> None:
    """The same Idempotency-Key again: the same run, the same answer, no second booking."""
    body = {"slot": guide.found["first slot"], "reason": "A cough that stays."}
    key = {"Idempotency-Key": "mina-books-once"}
    again = await guide.call(MINA, "POST", "/clinic/appointments", body, headers=key)
    guide.expect("it is answered", again, 200)
    same = again.run == guide.found["booking run"] and again.content["appointment"] == guide.found["appointment"]
    guide.show.sure("by the same run, with the same appointment", same)
    guide.show.sure("the slot has one booking", await guide.bookings(guide.found["first slot"]) == 1)


async def too_late(guide: Guide) -> None:
    """A second patient wants the same slot."""
    answer = await guide.call(OTTO, "POST", "/clinic/appointments", {"slot": guide.found["first slot"]})
    guide.expect("refused by the tool itself: the slot is not free", answer, 409, "slot_not_free")


async def twenty_at_once(guide: Guide) -> None:
    """Twenty patients book one slot at the same moment."""
    slot = guide.found["contested slot"]
    registered = await asyncio.gather(
        *(guide.quietly(who, "POST", "/clinic/patients", _registration(who)) for who in CROWD)
    )
    guide.show.sure("twenty more patients are registered", all(each.status == 200 for each in registered))
    guide.show.request("POST", "/clinic/appointments", "20 patients, concurrently", {}, {"slot": slot})
    answers = await asyncio.gather(
        *(guide.quietly(who, "POST", "/clinic/appointments", {"slot": slot}) for who in CROWD)
    )
    won = [each for each in answers if each.status == 200]
    lost = [each for each in answers if each.status == 409]
    guide.show.note(f"← {len(won)} × 200, {len(lost)} × 409")
    guide.show.sure("exactly one wins, nineteen are refused", (len(won), len(lost)) == (1, len(CROWD) - 1))
    guide.show.sure("the database holds one booking of that slot", await guide.bookings(slot) == 1)
    runs = [each.run for each in answers]
    guide.show.sure("and one audit row for each of the twenty", await guide.audited(*runs) == len(set(runs)) == 20)


async def not_yours(guide: Guide) -> None:
    """Another patient's appointment: as if it was not there."""
    path = f"/clinic/appointments/{guide.found['appointment']}/cancel"
    answer = await guide.call(OTTO, "POST", path)
    guide.expect("not found, without a hint that it exists", answer, 404, "not_found")


async def wrong_role(guide: Guide) -> None:
    """A patient tries what only the front desk may do."""
    body = {"name": "Dr Mina", "speciality": "dental"}
    answer = await guide.call(MINA, "POST", "/clinic/practitioners", body)
    guide.expect("forbidden", answer, 403, "forbidden")


async def invalid_input(guide: Guide) -> None:
    """Input that does not fit: every mistake, each with a JSON pointer."""
    body = {"name": "", "email": 7, "born": "1990-04-31", "admin": True}
    answer = await guide.call(OTTO, "POST", "/clinic/patients", body)
    guide.expect("the input is refused", answer, 422, "invalid_input")
    pointers = {error["pointer"] for error in answer.content["errors"]}
    guide.show.sure("all four mistakes are named", {"/name", "/email", "/born"} < pointers and len(pointers) == 4)


async def policy(guide: Guide) -> None:
    """Policies: rules of the app that no tool can forget."""
    suspended = await guide.call(SUSPENDED, "GET", "/clinic/slots")
    guide.expect("a suspended account can do nothing", suspended, 403, "suspended_accounts")
    path = f"/clinic/practitioners/{guide.found['practitioner']}/slots"
    past = {"slots": [{"starts_at": "2001-01-01T09:00:00Z", "minutes": 30}]}
    answer = await guide.call(RECEPTION, "POST", path, past)
    guide.expect("the diary is never opened for the past", answer, 409, "slots_start_in_the_future")


async def invariant(guide: Guide) -> None:
    """The front desk may book a taken slot, says its tool; the invariant of the entity says no, before commit."""
    path = f"/clinic/patients/{guide.found['otto']}/appointments"
    answer = await guide.call(RECEPTION, "POST", path, {"slot": guide.found["first slot"]})
    guide.expect("refused by the invariant, and rolled back", answer, 409, "one_booking_per_slot")
    guide.show.sure("the slot still has one booking", await guide.bookings(guide.found["first slot"]) == 1)
    guide.found["refused run"] = answer.run


async def why(guide: Guide) -> None:
    """Why was that refused? The nine steps of the run, from its audit row."""
    run = guide.found["refused run"]
    code, output = await guide.stage.command("why", run)
    guide.show.command(f"writ why {run}", output)
    guide.show.sure("it says which rule decided", code == 0 and "one_booking_per_slot" in output)


def _registration(who: Person) -> dict[str, str]:
    return {"name": who.subject.capitalize(), "email": f"{who.subject}@example.org", "born": "1990-04-01"}


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

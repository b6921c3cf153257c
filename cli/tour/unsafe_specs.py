"""Specs that would lose money or data: what the safety engine says of them, and that nobody can publish them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from cli.tour.guide import Guide

_UPDATE = """\
  - transaction: updating
    nodes:
      - update: patient
        entity: Patient
        where: {id: input.patient, state: "'active'"}
        set: {email: input.email, phone: input.phone}
"""
_CHARGE = """\
      - payment: charge
        connector: payments
        operation: charge
        amount: "{'amount': 2500, 'currency': 'EUR'}"
        timeouts: {start_to_close: 10s, schedule_to_close: 10m}
        retry: {max_attempts: 5}
        compensate:
          operation: refund
          with: {of: charge.reference}
          timeouts: {start_to_close: 10s, schedule_to_close: 1h}
          retry: {max_attempts: 5}
"""
_PAYMENTS = """\
connector: payments
description: Takes the fee of a booking.
base_url: https://api.stripe.com
provider: stripe
secret: stripe_key
operations:
  charge:
    effect: payment
    method: POST
    path: /v1/payment_intents
    idempotency: {header: Idempotency-Key, window: 24h}
    lookup: find
    compensate_with: refund
  refund:
    effect: payment
    method: POST
    path: /v1/refunds
    idempotency: {header: Idempotency-Key, window: 24h}
    lookup: find
  find:
    effect: none
    method: GET
    path: /v1/payment_intents
"""


@dataclass(frozen=True, slots=True)
class Unsafe:
    """One way to write it wrong: in which tool, what is replaced by what, and the rule that finds it."""

    what: str
    rule: str
    tool: str
    changes: tuple[tuple[str, str], ...]
    connector: str = ""


UNSAFE = (
    Unsafe(
        "a payment inside a database transaction",
        "PAY001",
        "book_appointment",
        (
            ("allow: {patient: own}\n", "allow: {patient: own}\nidempotency: required\n"),
            ("      - create: appointment\n", _CHARGE + "      - create: appointment\n"),
        ),
        _PAYMENTS,
    ),
    Unsafe(
        "an update that does not say of which rows",
        "WRT001",
        "update_contact",
        (("where: {id: input.patient, state: \"'active'\"}", "where: {}"),),
    ),
    Unsafe(
        "a write outside of any transaction",
        "TXN001",
        "update_contact",
        ((_UPDATE, "\n".join(line.removeprefix("    ") for line in _UPDATE.splitlines()[2:]) + "\n"),),
    ),
    Unsafe(
        "rows deleted for good",
        "WRT002",
        "archive_patient",
        (("      - archive: archived\n", "      - delete: archived\n"),),
    ),
)


async def unsafe_specs(guide: Guide, app: Path) -> None:
    """Specs that would lose money or data: blocked, each with how it goes wrong."""
    folder = guide.stage.folder
    for unsafe in UNSAFE:
        folder = _copy(guide.stage.folder / "unsafe" / unsafe.rule.lower(), app, unsafe)
        guide.show.note(f"{unsafe.what}:")
        code, output = await guide.stage.command("check", f"specs/{app.name}", folder=folder)
        guide.show.command(f"writ check specs/{app.name}", output)
        found = (
            f"red[{unsafe.rule} " in output
            and output.count("red[") + output.count("yellow[") == 1
            and "how it goes wrong" in output
        )
        guide.show.sure(f"{unsafe.rule} blocks it, and tells how it goes wrong", code == 1 and found)
    code, output = await guide.stage.command("publish", f"specs/{app.name}", folder=folder)
    stored = await guide.count("SELECT count(*) FROM writ.release")
    guide.show.sure("`writ publish` refuses: nothing is stored", code == 1 and stored == 1)


def unsafe_text(unsafe: Unsafe, text: str) -> str:
    """The document of its tool with the unsafe change. LookupError where it does not hold what is to be changed."""
    for old, new in unsafe.changes:
        if old not in text:
            raise LookupError(f"`{unsafe.tool}` does not hold what the tour wants to change")
        text = text.replace(old, new, 1)
    return text


def _copy(folder: Path, app: Path, unsafe: Unsafe) -> Path:
    """A checkout of the app alone, with the unsafe change."""
    copy = folder / "specs" / app.name
    shutil.copytree(app, copy)
    tool = copy / "tools" / f"{unsafe.tool}.yaml"
    tool.write_text(unsafe_text(unsafe, tool.read_text()))
    if unsafe.connector:
        (copy / "connectors").mkdir()
        (copy / "connectors" / "payments.yaml").write_text(unsafe.connector)
    return folder

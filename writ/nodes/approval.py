"""`approval`: people decide before the run goes on, between transactions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from writ.nodes import stated
from writ.nodes.context import Context
from writ.nodes.facts import Approval, Facts
from writ.nodes.outside import Time
from writ.nodes.typed import TypedApproval
from writ.spec.forms import DurationText
from writ.spec.shape import Expr, Name, SpecModel


class ApprovalNode(SpecModel):
    """`number` people who have one of `roles` agree to the values in `of`; else the run is refused with `else`."""

    approval: Name
    """The name of the node."""
    roles: list[Name] = []
    """Who can agree: one who has one of these."""
    number: int = Field(default=1, ge=1)
    """How many people have to."""
    requester: Literal["excluded", "allowed"] = "excluded"
    """Whether who called the tool may be one of them."""
    of: dict[Name, Expr] = {}
    """The values that are agreed to: what comes behind may do only that."""
    within: Time | None = None
    """How long they have."""
    on_timeout: Literal["reject", "escalate"] = "reject"
    """What then: the run is refused, or others are asked."""
    otherwise: Name = Field(alias="else")
    """The refusal where they do not agree."""


def check(node: ApprovalNode, context: Context) -> TypedApproval:
    """An approval is sound when its roles are the app's and what it is about can be computed."""
    context.claim(node.approval)
    roles = tuple(context.role(role) for role in node.roles)
    refusal = context.refusal(node.otherwise, "")
    bound = {str(name): context.expression(expr, None) for name, expr in node.of.items()}
    return TypedApproval(
        name=node.approval,
        span=node.approval.span,
        roles=roles,
        roles_span=node.marked.key_spans.get("roles", node.approval.span),
        number=node.number,
        requester_excluded=node.requester == "excluded",
        of={name: checked.typed for name, checked in bound.items() if checked},
        within=node.within.seconds if isinstance(node.within, DurationText) else None,
        on_timeout=node.on_timeout,
        otherwise=refusal,
    )


def facts(node: TypedApproval) -> Facts:
    """People decide, and the run is refused where they do not agree."""
    return Facts(
        kind="approval",
        name=node.name,
        span=node.span,
        effect="approval",
        uses=stated.each("approve", node.of, "of"),
        approval=Approval(
            roles=node.roles,
            roles_span=node.roles_span,
            number=node.number,
            requester_excluded=node.requester_excluded,
            within=node.within,
            bound=tuple(node.of.values()),
        ),
        refuses=True,
    )

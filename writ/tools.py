"""Tool documents to typed tools: contracts, roles, triggers and flow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from writ.nodes.context import Context, ToolFacts
from writ.nodes.kinds import check_nodes
from writ.nodes.typed import TypedTool
from writ.problems import Problem
from writ.refusals import REFUSALS
from writ.source import Span
from writ.spec.complaints import quoted
from writ.spec.contracts import Contract, check_contract
from writ.spec.documents import ToolDocument
from writ.spec.expressions import Names
from writ.spec.marked_parts import places
from writ.spec.remains import Remains
from writ.spec.resolved import Connector, Entity
from writ.spec.roles import role_problems
from writ.spec.routes import route_problems
from writ.spec.shape import Name
from writ.triggers import acting_roles, agent_trigger, cron_trigger, rate_limit, webhook_trigger
from writ.values import Anything, ListOf, Record, Text, Timestamp, Unknown, ValueType
from writ.values.types import FieldType

PRINCIPAL = Record(
    name="principal",
    fields=(
        FieldType(name="subject", type=Text()),
        FieldType(name="roles", type=ListOf(element=Text())),
        FieldType(name="claims", type=Anything()),
    ),
)
RUN = Record(name="run", fields=(FieldType(name="id", type=Text()),))


class _Contracts(NamedTuple):
    input: Contract
    output: Contract


class ToolChecker:
    """Checks tools against the entities, connectors and roles of their app. `roles` None: the app's document is
    broken.
    """

    def __init__(
        self,
        entities: Mapping[str, Entity],
        connectors: Mapping[str, Connector],
        broken: Collection[str],
        roles: Collection[str] | None,
        problems: list[Problem],
    ) -> None:
        self._entities = entities
        self._connectors = connectors
        self._broken = broken
        self._roles = roles
        self._problems = problems
        self._contracts: dict[str, _Contracts] = {}
        self._inputs: dict[str, ValueType] = {}
        self._outputs: dict[str, ValueType] = {}

    def check(self, documents: Mapping[str, ToolDocument], remains: Iterable[Remains]) -> dict[str, TypedTool]:
        """The typed tools, as far as they can be told; every problem is reported, also those in what `remains` of tools
        whose documents are wrong. A flow may call any tool, so that all contracts come before any flow.
        """
        self._contracts = {name: self._checked_contracts(document) for name, document in documents.items()}
        self._inputs = {name: made.input.type for name, made in self._contracts.items()}
        self._outputs = {name: made.output.type for name, made in self._contracts.items()}
        tools = {name: self._tool(document, self._contracts[name]) for name, document in documents.items()}
        for left in remains:
            self._check_remains(left)
        return tools

    def _checked_contracts(self, document: ToolDocument) -> _Contracts:
        input = check_contract(document.input, "input", self._problems)
        return _Contracts(input, check_contract(document.output, "output", self._problems))

    def _tool(self, document: ToolDocument, contracts: _Contracts) -> TypedTool:
        self._check_roles(document)
        self._check_refusals(document)
        input, output = contracts
        if isinstance(input.type, Record):
            self._problems.extend(route_problems(document, input.schema))
        facts = self._facts(document.refusals, input.type, output.type)
        context = Context(facts, Names(dict(facts.types)))
        before = len(self._problems)
        flow = check_nodes(document.flow, context)
        contracted = not any(isinstance(it.type, Unknown) for it in (input, output))
        whole = len(self._problems) == before and not facts.left_out and contracted
        if whole:
            self._check_scopes(document, facts)
        self._check_end(document, context)
        http = document.trigger.http
        return TypedTool(
            name=str(document.tool),
            description=document.description,
            span=document.tool.span,
            http=(http.method, http.path) if http else None,
            allow={str(role): scope for role, scope in document.allow.items()},
            conceal=document.conceal,
            input_schema=input.schema,
            output_schema=output.schema,
            input_type=input.type,
            output_type=output.type,
            types=facts.types,
            refusals={str(code): (refusal.status, refusal.message) for code, refusal in document.refusals.items()},
            policies=(),
            flow=flow,
            cron=cron_trigger(document),
            webhook=webhook_trigger(document),
            agent=agent_trigger(document),
            public=document.public,
            idempotency=document.idempotency,
            rate_limit=rate_limit(document),
            version=document.version,
            spans=_spans(document),
            whole=whole,
        )

    def _check_remains(self, remains: Remains) -> None:
        input, output = self._checked_contracts(remains.tool)
        known = Unknown() if isinstance(input.type, Anything) else input.type
        facts = self._facts(remains.refusals, known, output.type)
        check_nodes(remains.tool.flow, Context(facts, Names(dict(facts.types))))

    def _facts(self, refusals: Collection[str] | None, input: ValueType, output: ValueType) -> ToolFacts:
        types: dict[str, ValueType] = {"input": input, "principal": PRINCIPAL, "now": Timestamp(), "run": RUN}
        return ToolFacts(
            self._entities,
            self._broken,
            refusals,
            output,
            types,
            self._problems,
            check_nodes,
            connectors=self._connectors,
            outputs=self._outputs,
            inputs=self._inputs,
            roles=self._roles or None,
        )

    def _check_roles(self, document: ToolDocument) -> None:
        for roles in (document.allow, *acting_roles(document)):
            self._problems.extend(role_problems(roles, self._roles))

    def _check_scopes(self, document: ToolDocument, facts: ToolFacts) -> None:
        """`own` limits nothing where no row has an owner, though its author believes it does."""
        if not facts.touched or any(entity is None or entity.owner for entity in facts.touched.values()):
            return
        names = [quoted(name) for name in sorted(facts.touched)]
        has, it = ("have", "them an `owner`") if len(names) > 1 else ("has", f"{names[0]} an `owner`")
        help = f"give {it}, or write `all` if every row may be seen"
        for role, scope in document.allow.items():
            if scope == "own":
                message = f"`own` limits nothing here: {' and '.join(names)} {has} no owner"
                self._report("own-without-owner", _scope_span(document, role), message, help)

    def _check_refusals(self, document: ToolDocument) -> None:
        for code in document.refusals:
            if code in REFUSALS:
                self._report("reserved-name", code.span, f"`{code}` is a refusal of the system", "choose another code")

    def _check_end(self, document: ToolDocument, context: Context) -> None:
        if not document.flow:
            self._report(
                "no-response", document.marked.key_spans["flow"], "the flow has no nodes", "end it with `respond`"
            )
        elif not context.ended and not context.unsure:
            help = "end every path with `respond` or `refuse`"
            self._report("no-response", document.tool.span, f"`{document.tool}` can end without an answer", help)

    def _report(self, code: str, span: Span, message: str, help: str) -> None:
        self._problems.append(Problem(code, span, message, help))


def _spans(document: ToolDocument) -> dict[str, Span]:
    """The place of each key and list entry of the document by its path, without those inside the flow."""
    return {path: span for path, span in places(document.marked) if not path.startswith("flow.")}


def _scope_span(document: ToolDocument, role: Name) -> Span:
    """Where the scope of a role is written, behind the role."""
    written = document.marked.value
    scopes = written["allow"].value if isinstance(written, dict) else None
    return scopes[role].span if isinstance(scopes, dict) else role.span

"""A request goes to a host that no connector declares, or that a value decides.

Catches:
    An `http` node with a `url` of its own, whether it is put together from the input, a row or an answer or written
    out, and a connector whose `base_url` has a place (`{…}`, `$HOST`) to be filled in its host, or no host at all.

Dangerous because:
    Whoever sets the value sends the run to a host of theirs, or to one inside the network that only the worker can
    reach, together with whatever is in the request. An address that is written out in a node escapes what a connector
    says of effects, keys and data.

Avoid:
    - http: told
      url: "'https://' + input.host + '/orders'"

Prefer:
    - http: told
      connector: partner
      operation: tell
      path: {order: order.id}

Cannot see:
    Where the host sends a request on to, and what a name of the net resolves to. The values of a path or a query of a
    connector's operation do not change its host.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.addresses import host_of, is_host, scheme_of
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.resolved import Connector


def check(app: AppFacts) -> Iterator[Found]:
    """Addresses in nodes, and addresses of connectors that are to be filled in."""
    for name, connector in sorted(app.app.connectors.items()):
        if "{" in connector.base_url or _names_no_host(connector):
            yield _open_connector(f"{app.app.name}.{name}", connector)
    for tool, step in app.steps("external", "payment"):
        yield from (_address(app, tool, step, use) for use in step.facts.uses if use.purpose == "address")


def _names_no_host(connector: Connector) -> bool:
    """Whether the host is missing or is left to be filled in some other way, as in `https://$HOST`."""
    return scheme_of(connector.base_url) == "https" and not is_host(host_of(connector.base_url))


def _open_connector(path: str, connector: Connector) -> Found:
    return Found(
        span=connector.base_url_span,
        path=path,
        message=f"the `base_url` of `{connector.name}` has a place to be filled: its host is not fixed",
        help=f"write the whole host in `base_url`, and a connector for each host that `{connector.name}` stands for",
        witness=(
            f"a run calls an operation of `{connector.name}`",
            f"`{connector.base_url}` is filled with a value that leads to somebody else's host",
            "the request goes there, with its data and the connector's secret",
        ),
    )


def _address(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Found:
    sources = sorted({origin.name for origin in tool.data.of_use(use)})
    if sources:
        return _dynamic(app, tool, step, use, sources)
    return _written_out(app, tool, step, use)


def _dynamic(app: AppFacts, tool: ToolFacts, step: Step, use: Use, sources: list[str]) -> Found:
    name = step.facts.name
    given = " and ".join(f"`{source}`" for source in sources)
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"the address that `{name}` calls comes from {given}",
        help="declare a `connector` with a fixed `base_url`, and send the value in its `path` or `query`",
        witness=witness(
            tool.graph,
            [Moment(step, f"is sent to the host that {given} gave")],
            "somebody has put an address of theirs, or one inside the network, there: they read what is sent",
        ),
    )


def _written_out(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Found:
    name = step.facts.name
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{name}` calls an address that no connector declares",
        help="declare a `connector` with this address as `base_url`, and say what its operation does with `effect`",
        witness=witness(
            tool.graph,
            [Moment(step, "is sent, and no document says what it does there")],
            "whether it may be repeated, undone or given personal data, nobody has said and nothing checks",
        ),
    )


RULE = Rule(
    id="EXT005",
    name="dynamic-host",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)

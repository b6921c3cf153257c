"""Requests go over the net as readable text.

Catches:
    A connector whose `base_url` does not begin with `https://`, and an `http` node whose `url` begins with something
    else, unless it is `http://` and the host is this machine itself (`localhost`, `127.0.0.1`, `[::1]`).

Dangerous because:
    Everybody on the way reads the data and the secret of the connector, and can change both the request and the answer
    that the run believes.

Avoid:
    base_url: http://api.carrier.example.org

Prefer:
    base_url: https://api.carrier.example.org

Cannot see:
    Whether the certificate of an `https` host is checked: the worker does that, always. A host that is only known when
    it runs is EXT005's.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Edit, Fix, Found, Severity
from writ.graph.addresses import constant, host_of, is_loopback, scheme_of
from writ.graph.app import AppFacts, ToolFacts
from writ.graph.flow import Step
from writ.graph.witness import Moment, witness
from writ.nodes.facts import Use
from writ.rules.rule import Rule
from writ.spec.resolved import Connector

_END = "somebody on the way reads what is sent, with the secret that opens the service, and changes the answer"


def check(app: AppFacts) -> Iterator[Found]:
    """Addresses of connectors and nodes that are not encrypted."""
    for name, connector in sorted(app.app.connectors.items()):
        if _is_open(connector.base_url):
            yield _connector(f"{app.app.name}.{name}", connector)
    for tool, step in app.steps("external", "payment"):
        for use in step.facts.uses:
            address = constant(use.expression) if use.purpose == "address" else None
            if address is not None and scheme_of(address) and _is_open(address):
                yield _node(app, tool, step, use)


def _is_open(address: str) -> bool:
    scheme, host = scheme_of(address), host_of(address)
    if "{" in scheme + host or address.lstrip().startswith("{"):
        return False
    return scheme != "https" and not (scheme == "http" and is_loopback(host))


def _connector(path: str, connector: Connector) -> Found:
    return Found(
        span=connector.base_url_span,
        path=path,
        message=f"requests to `{connector.name}` go to `{connector.base_url}` without encryption",
        help="write `https://`",
        witness=(f"a run calls an operation of `{connector.name}`", _END),
        fix=_fix(connector),
    )


def _fix(connector: Connector) -> Fix | None:
    """Only of an address that begins with `http://` is known what it was meant to be."""
    if not connector.base_url.lower().startswith("http://"):
        return None
    address, scheme = connector.base_url_span, len("http")
    edit = Edit(address.file, address.line, address.column, address.line, address.column + scheme, "https")
    return Fix("write `https://`", (edit,))


def _node(app: AppFacts, tool: ToolFacts, step: Step, use: Use) -> Found:
    return Found(
        span=use.expression.span,
        path=app.path(tool, step),
        message=f"`{step.facts.name}` sends its request without encryption",
        help="write `https://`",
        witness=witness(tool.graph, [Moment(step, "is sent as readable text")], _END),
    )


RULE = Rule(
    id="EXT006",
    name="plaintext-http",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)

"""A credential stands in a document.

Catches:
    A text with the form of a known credential (keys of AWS, Stripe, GitHub, Slack, Google, a private key, a signed
    token), a password in an address, and a word such as `password` or `Bearer` with a value behind it that nobody would
    make up as prose. Neither the message nor the output shows it.

Dangerous because:
    Documents go into version control, into releases and into every copy of both. A credential that ever stood there is
    known, also after it was removed.

Avoid:
    connector: payments
    description: "Takes money. password=Tr0ub4dor3xKcd92"
    base_url: https://api.stripe.com

Prefer:
    connector: payments
    description: Takes money.
    base_url: https://api.stripe.com
    secret: stripe_key

Cannot see:
    Credentials without a form of their own, those that are words, and those in comments. Digests and ids are left
    alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.graph.credentials import credential_in
from writ.rules.place import place_of
from writ.rules.rule import Rule
from writ.source import Span


def check(app: AppFacts) -> Iterator[Found]:
    """Texts of any document in which something has the form of a credential."""
    for text, span in app.app.texts:
        kind = credential_in(text)
        if kind is not None:
            yield _found(app, span, kind)


def _found(app: AppFacts, span: Span, kind: str) -> Found:
    return Found(
        span=span,
        path=place_of(app, span).path,
        message=f"{kind} stands in the document",
        help="replace it with the name of a secret (`secret: …`) that the deployment keeps, and revoke this one",
        witness=(
            "the document is kept in version control and in every release",
            f"somebody who may read it finds {kind}",
            "they use it elsewhere, and nothing here tells",
        ),
        detail=kind,
        conceal=True,
    )


RULE = Rule(
    id="DAT001",
    name="secret-literal",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)

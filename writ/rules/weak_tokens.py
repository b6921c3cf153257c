"""Tokens are verified by rules that a forged one could pass.

Catches:
    An `auth` that accepts the algorithm `none` or one with a shared secret (`HS256`, …) or names no algorithm, that
    names no `issuer` or no `audience` (or `*`), or whose `require` does not contain `exp`.

Dangerous because:
    Everything else rests on the token: who calls, with which roles, for which tenant. `none` is a token without a
    signature; with a shared secret everybody who can verify a token can also make one. Without `issuer` and `audience`
    a token that was made for another service opens this one; without `exp` a stolen one is good for ever.

Avoid:
    auth: {algorithms: [HS256, EdDSA], issuer: "https://id.example.org", require: [sub]}

Prefer:
    auth: {algorithms: [EdDSA], issuer: "https://id.example.org", audience: shop, require: [exp, sub]}

Cannot see:
    What the deployment itself demands: it verifies at least this, and without `auth` its own strict rules hold. Whether
    an algorithm with another name exists, and whether the keys of the issuer are kept well.
"""

from __future__ import annotations

from collections.abc import Iterator

from writ.findings import Confidence, Found, Severity
from writ.graph.app import AppFacts
from writ.rules.rule import Rule
from writ.spec.complaints import quoted
from writ.spec.resolved import TokenRules

_ANY = ("", "*")
"""What stands for no issuer and no audience in particular."""


def check(app: AppFacts) -> Iterator[Found]:
    """What is weak in the `auth` of the app, where it has one."""
    tokens = app.app.tokens
    if tokens is None:
        return
    yield from _algorithms(app, tokens)
    if tokens.issuer is None or tokens.issuer.strip() in _ANY:
        help = "add `issuer` with the address of whoever issues the tokens"
        yield _found(app, tokens, "issuer", "tokens of any issuer are accepted", help, "that another service issued")
    if tokens.audience is None or tokens.audience.strip() in _ANY:
        help = f"add `audience: {app.app.name}`, and have the tokens made for it"
        yield _found(app, tokens, "audience", "tokens for any service are accepted", help, "made for another service")
    if "exp" not in tokens.require:
        help = f"write `require: [{', '.join(('exp', *tokens.require))}]`"
        yield _found(app, tokens, "require", "tokens that never expire are accepted", help, "stolen years ago")


def _algorithms(app: AppFacts, tokens: TokenRules) -> Iterator[Found]:
    weak = [name for name in tokens.algorithms if name.lower() == "none" or name.upper().startswith("HS")]
    help = "write `algorithms: [EdDSA]`, or another one with a key of which only the issuer has the secret part"
    if not tokens.algorithms:
        yield _found(app, tokens, "algorithms", "no algorithm is named", help, "signed in whatever way it says itself")
    elif weak:
        names = ", ".join(quoted(name) for name in weak)
        unsigned = any(name.lower() == "none" for name in weak)
        how = "that nobody signed" if unsigned else "made with the secret that every verifier knows"
        yield _found(app, tokens, "algorithms", f"tokens signed with {names} are accepted", help, how)


def _found(app: AppFacts, tokens: TokenRules, key: str, message: str, help: str, how: str) -> Found:
    return Found(
        span=tokens.spans.get(key, tokens.span),
        path=f"{app.app.name}.auth.{key}",
        message=message,
        help=help,
        witness=(
            f"somebody brings a token {how}",
            "nothing in the rules of the app refuses it",
            f"the call runs with every role that the token claims in `{app.app.name}`",
        ),
    )


RULE = Rule(
    id="AUT007",
    name="jwt-weak",
    severity=Severity.harm,
    confidence=Confidence.certain,
    page=__doc__,
    check=check,
)

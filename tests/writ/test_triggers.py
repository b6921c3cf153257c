# ruff: noqa: E501  # a table has one case per line
"""What starts a tool, who may call it and how often, as its document says it."""

from __future__ import annotations

import pytest

from tests.writ.library import LEND, edited, library, marked_text, mistake, only
from writ.nodes.typed import TypedTool

HTTP = 'trigger: {http: {method: POST, path: "/books/{book}/lend"}}'
CRON = "cron: {schedule: '0 3 * * *', as: {subject: night_shift, roles: [clerk]}}"
WEBHOOK = "webhook: {path: /hooks/post, signature: {header: Post-Signature, secret: post_hook}, replay_window: 5m, roles: [clerk]}"
AGENT = "agent: {title: Lend a book}"


def triggered(by: str) -> str:
    return f"trigger: {{{by}}}"


def tool(text: str = LEND) -> TypedTool:
    result = library(lend=text)
    assert result.problems == ()
    assert result.app is not None
    return result.app.tools["lend"]


def started(trigger: str) -> TypedTool:
    return tool(edited("lend", HTTP, triggered(trigger)))


MISTAKES = [
    # what stands there, what is written instead, code, what is underlined, words
    (HTTP, "trigger: {corn: {}}", "unknown-key", "corn", "did you mean `cron`?"),
    (HTTP, triggered(CRON.replace("0 3", "0 25")), "not-a-schedule", "0 25 * * *", "every night at three"),
    (HTTP, triggered(CRON.replace("'0 3 * * *'", "5")), "wrong-type", "5", "every night at three"),
    (HTTP, triggered(CRON.replace("clerk", "clark")), "unknown-role", "clark", "did you mean `clerk`?"),
    (HTTP, triggered(CRON.replace("[clerk]", "[clerk, clerk]")), "duplicate-value", "clerk", "twice"),
    (HTTP, triggered(CRON.replace("subject: night_shift, ", "")), "missing-key", "roles", "`subject`"),
    (HTTP, "trigger: {cron: {schedule: '0 3 * * *'}}", "missing-key", "schedule", "`as`"),
    (HTTP, triggered(WEBHOOK.replace("/hooks/post", "/Hooks/post")), "pattern", "/Hooks/post", "small letters"),
    (HTTP, triggered(WEBHOOK.replace("5m", "5")), "wrong-type", "5", "`24h`"),
    (HTTP, triggered(WEBHOOK.replace("[clerk]", "[clark]")), "unknown-role", "clark", "did you mean `clerk`?"),
    (HTTP, triggered(WEBHOOK.replace(", secret: post_hook", "")), "missing-key", "header", "`secret`"),
    (HTTP, "trigger: {agent: {}}", "missing-key", "{}", "`title`"),
    (HTTP, "trigger: {agent: {title: ''}}", "out-of-bounds", "'", "at least 1 character"),
    ("allow: {clerk: all}", "allow: {clark: all}", "unknown-role", "clark", "did you mean `clerk`?"),
    ("allow: {clerk: all}", "allow:", "wrong-type", "allow", "a mapping"),
    ("allow: {clerk: all}", "allow: {clerk: all}\npublic: 1", "wrong-type", "1", "`true` or `false`"),
    ("allow: {clerk: all}", "allow: {clerk: all}\nidempotency: always", "not-allowed", "always", "`required`"),
    ("allow: {clerk: all}", "allow: {clerk: all}\nrate_limit: 10 a minute", "not-a-rate", "10 a minute", "`10/m`"),
    ("allow: {clerk: all}", "allow: {clerk: all}\nversion: 0", "out-of-bounds", "0", "at least 1"),
    ("allow: {clerk: all}", "allow: {clerk: all}\nversion: '2'", "wrong-type", "2", "remove the quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "underlined", "words"), MISTAKES)
def test_a_wrong_tool_is_one_problem(old: str, new: str, code: str, underlined: str, words: str) -> None:
    found = mistake("lend", old, new)
    assert found[:2] == (code, underlined)
    assert words in found[2]


def test_a_schedule_says_as_whom_the_tool_starts() -> None:
    cron = started(CRON).cron
    assert cron is not None
    assert (cron.schedule, cron.subject, cron.roles) == ("0 3 * * *", "night_shift", ("clerk",))


def test_a_webhook_says_how_it_is_verified() -> None:
    webhook = started(WEBHOOK).webhook
    assert webhook is not None
    assert (webhook.path, webhook.signature) == ("/hooks/post", ("Post-Signature", "post_hook"))
    assert (webhook.replay_window, webhook.roles) == (300.0, ("clerk",))


def test_a_webhook_that_is_not_verified_is_not_judged_here() -> None:
    webhook = started("webhook: {path: /hooks/post}").webhook
    assert webhook is not None
    assert (webhook.signature, webhook.replay_window, webhook.roles) == (None, None, ())


def test_a_tool_is_shown_to_agents_under_its_title() -> None:
    agent = started(AGENT).agent
    assert agent is not None
    assert agent.title == "Lend a book"


def test_a_tool_may_start_in_every_way() -> None:
    lend = started(f"http: {{method: POST, path: /lend}}, {CRON}, {WEBHOOK}, {AGENT}")
    assert lend.http == ("POST", "/lend")
    assert lend.cron and lend.webhook and lend.agent


def test_a_tool_says_how_it_may_be_called() -> None:
    more = "public: true\nidempotency: required\nrate_limit: 10/m\nversion: 2\n"
    lend = tool(more + LEND)
    assert (lend.public, lend.idempotency, lend.version) == (True, "required", 2)
    assert lend.rate_limit is not None
    assert (lend.rate_limit.calls, lend.rate_limit.seconds) == (10, 60.0)
    assert lend.rate_limit.span.line == 3


def test_a_tool_that_says_nothing_of_it_has_the_defaults() -> None:
    lend = tool()
    assert (lend.public, lend.idempotency, lend.version, lend.rate_limit) == (False, "optional", 1, None)
    assert (lend.cron, lend.webhook, lend.agent) == (None, None, None)


@pytest.mark.parametrize("allow", ["allow: {}\n", ""])
def test_a_tool_that_lets_nobody_in_is_not_judged_here(allow: str) -> None:
    assert tool(edited("lend", "allow: {clerk: all}\n", allow)).allow == {}


def test_a_webhook_shares_its_address_with_no_other_tool() -> None:
    other = edited("lend", "tool: lend", "tool: other").replace(HTTP, "trigger: {webhook: {path: /hooks/post}}")
    lend = edited("lend", "/books/{book}/lend", "/hooks/post")
    problem = only(library(lend=lend, other=other))
    assert (problem.code, problem.span.file) == ("duplicate-route", "other.yaml")
    assert marked_text(problem, other) == "path"

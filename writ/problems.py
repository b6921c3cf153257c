"""Problem: what is wrong with an author's spec, as a value that is collected and never thrown away.

A problem is one of the four kinds of "no" (problem, refusal, failure, bug): it exists at design time only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from writ.source import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a spec.

    `code` is stable and in words (`unknown-key`, `expression-type`); `message` is lower case, without a full stop, and
    puts input in backticks; `help` says the way out, or is empty where the message already does.
    """

    code: str
    span: Span
    message: str
    help: str = ""


def with_article(word: str) -> str:
    """`an Order`, `a Slot`: a name in a sentence."""
    return f"{'an' if word[:1].lower() in tuple('aeiou') else 'a'} {word}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence naming the closest of `known`, else one listing them all; empty when nothing is known."""
    choices = sorted(set(known))
    close = get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if not choices:
        return ""
    return "known here: " + ", ".join(f"`{choice}`" for choice in choices)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The problems by place, each once: the same mistake found along two ways is reported one time."""
    return sorted(set(problems), key=lambda problem: (problem.span, problem.code, problem.message))

"""The smallest app that is green and runs, and what makes it yellow or red: for tests of what may be published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from writ.check import CheckedApp, check_app
from writ.findings import Finding
from writ.judgement import judge
from writ.nodes.typed import TypedApp

_APP = """\
app: {app}
description: Books on a shelf.
roles:
  reader: {{description: Somebody who looks a book up., staff: true}}
"""
_BOOK = """\
entity: Book
description: A book.
fields:
  title: {type: text, max_length: 200}
"""
_FIND = """\
tool: find_book
description: Look a book up.
trigger: {http: {method: GET, path: "/books/{book}"}}
allow: {reader: all}
input:
  type: object
  additionalProperties: false
  required: [book]
  properties:
    book: {type: string, format: uuid}
output:
  type: object
  required: [title]
  properties:
    title: {type: string, maxLength: 200}
flow:
  - transaction: looking
    nodes:
      - read: book
        entity: Book
        where: {id: input.book}
        expect: one
  - respond:
    value: {title: book.title}
"""
_POLICY = """\
policy: looked_at
description: Somebody looks at a tool before it is published.
id: ORG001
about: tool
design: tool.name == 'find_book'
level: {level}
message: nobody has looked at this tool
help: look at it
"""
_ACKNOWLEDGEMENT = """\
acknowledgements:
  - finding: "{fingerprint}"
    rule: {rule}
    reason: {reason}
    by: anna@example.org
    until: {until}
"""

Files = Mapping[str, bytes]


def today() -> date:
    """The day on which acknowledgements are looked at."""
    return datetime.now(UTC).date()


def days_from_now(days: int) -> str:
    """A day as acknowledgements write it."""
    return str(today() + timedelta(days=days))


def green(app: str = "shelf") -> Files:
    """The app without any finding."""
    texts = {"app.yaml": _APP.format(app=app), "entities/book.yaml": _BOOK, "tools/find_book.yaml": _FIND}
    return {f"specs/{app}/{path}": text.encode() for path, text in texts.items()}


def with_file(files: Files, path: str, text: str) -> Files:
    """The same with a file more, or another text in it."""
    folder = next(iter(files)).rpartition("/")[0]
    return {**files, f"{folder}/{path}": text.encode()}


def yellow(app: str = "shelf") -> Files:
    """The app with one yellow finding, by a rule of its own."""
    return with_file(green(app), "policies/looked_at.yaml", _POLICY.format(level="yellow"))


def red(app: str = "shelf") -> Files:
    """The app with one red finding."""
    return with_file(green(app), "policies/looked_at.yaml", _POLICY.format(level="red"))


def acknowledged(
    files: Files, *, until: str = "", rule: str = "ORG001", reason: str = "Looked at it.", fingerprint: str = ""
) -> Files:
    """The same with an acknowledgement of its finding."""
    named = fingerprint or finding(files).fingerprint
    text = _ACKNOWLEDGEMENT.format(fingerprint=named, rule=rule, reason=reason, until=until or days_from_now(30))
    return with_file(files, "acknowledgements.yaml", text)


def checked(files: Files) -> CheckedApp:
    """What the checker makes of the files."""
    return check_app(files, next(iter(files)).split("/")[1])


def typed(files: Files) -> TypedApp:
    """The app the files say."""
    found = checked(files)
    assert found.app is not None, found.problems
    return found.app


def finding(files: Files) -> Finding:
    """The one finding of an app that nobody has acknowledged."""
    [found] = judge(typed(files)).findings
    return found

"""A small app to make mistakes in: readers, books, loans, one tool, one policy and one connector."""

from __future__ import annotations

from writ.check import CheckedApp, check_app
from writ.problems import Problem

APP = """\
app: library
description: Books and who has them.
roles:
  reader: Somebody who borrows.
  clerk: {description: Somebody who lends., staff: true}
"""
READER = """\
entity: Reader
description: A reader.
owner: account
fields:
  account: {type: text, max_length: 200, unique: true}
  name: {type: text, min_length: 1, max_length: 50, personal: true}
"""
BOOK = """\
entity: Book
description: A book.
fields:
  title: {type: text, max_length: 200}
  copies: {type: integer, minimum: 0, maximum: 99}
  price: {type: money, optional: true}
  tags: {type: list, of: text, max_items: 5, optional: true}
  genre: {type: enum, values: [novel, essay], default: novel}
  note: {type: text, max_length: 200, optional: true}
states:
  home: {initial: true, to: [lent], meaning: It is on the shelf.}
  lent: {to: [home], meaning: Somebody has it.}
"""
LOAN = """\
entity: Loan
description: A loan.
owner: reader
fields:
  reader: {type: reference, to: Reader, immutable: true}
  book: {type: reference, to: Book}
  until: {type: date, optional: true}
  days: {type: integer, minimum: 1, maximum: 60}
unique:
  - [reader, book]
invariants:
  few:
    count: {entity: Loan, where: {reader: this.reader}}
    that: count <= 5
    message: At most five.
"""
LEND = """\
tool: lend
description: Lend a book.
trigger: {http: {method: POST, path: "/books/{book}/lend"}}
allow: {clerk: all}
input:
  type: object
  additionalProperties: false
  required: [book, reader, days]
  properties:
    book: {type: string, format: uuid}
    reader: {type: string, format: uuid}
    days: {type: integer, minimum: 1}
    remark: {type: string, maxLength: 200}
output:
  type: object
  required: [loan]
  properties: {loan: {type: string, format: uuid}, note: {type: string}}
refusals:
  out: {message: The book is out.}
flow:
  - transaction: lending
    nodes:
      - read: book
        entity: Book
        where: {id: input.book}
      - require: is_home
        that: book.state == 'home'
        else: out
      - transition: lent
        entity: Book
        where: {id: book.id}
        to: lent
      - create: loan
        entity: Loan
        set: {reader: input.reader, book: book.id, days: input.days}
  - respond:
    value: {loan: loan.id}
"""
POLICY = """\
policy: no_late
description: Whoever is late gets nothing.
deny_when: "'late' in principal.roles"
message: No.
"""
POST = """\
connector: post
description: Sends letters.
base_url: https://post.example
secret: post_key
cleared_for: [personal]
rate_limit: 30/m
operations:
  send:
    effect: reversible
    method: POST
    path: /letters
    request:
      type: object
      additionalProperties: false
      required: [to]
      properties: {to: {type: string, maxLength: 200}}
    response:
      type: object
      additionalProperties: false
      required: [letter]
      properties: {letter: {type: string, maxLength: 100}}
    idempotency: {header: Idempotency-Key, window: 24h}
    lookup: find
    compensate_with: stop
    retryable: [429, 503]
    notifies: true
  stop:
    effect: irreversible
    method: DELETE
    path: /letters/{letter}
  find:
    effect: none
    method: GET
    path: /letters/{letter}
"""
DOCUMENTS = {"app": APP, "reader": READER, "book": BOOK, "loan": LOAN, "lend": LEND, "policy": POLICY, "post": POST}


def library(**changed: str | None) -> CheckedApp:
    """The app checked with these documents in place of its own; None leaves one out."""
    documents = {**DOCUMENTS, **changed}
    return check_app({f"{name}.yaml": text.encode() for name, text in documents.items() if text is not None}, "library")


def edited(document: str, old: str, new: str) -> str:
    """The document with the first `old` replaced; fails where there is none."""
    assert old in DOCUMENTS[document], old
    return DOCUMENTS[document].replace(old, new, 1)


def only(result: CheckedApp) -> Problem:
    """The one problem there is."""
    assert len(result.problems) == 1, result.problems
    return result.problems[0]


def marked_text(problem: Problem, document: str) -> str:
    """What the problem underlines in the document."""
    line = document.splitlines()[problem.span.line - 1]
    return line[problem.span.column - 1 : problem.span.column - 1 + problem.span.length]


def mistake(document: str, old: str, new: str) -> tuple[str, str, str]:
    """The one problem of an app with this change: its code, what it underlines, its message and help."""
    text = edited(document, old, new)
    problem = only(library(**{document: text}))
    assert problem.span.file == f"{document}.yaml"
    return problem.code, marked_text(problem, text), f"{problem.message} | {problem.help}"


def in_flow(node: str) -> tuple[str, str, str]:
    """As `mistake`, for a node (without its indentation) put into the transaction."""
    lines = "".join(f"      {line}\n" for line in node.splitlines())
    return mistake("lend", "      - create: loan\n", f"{lines}      - create: loan\n")


def fits_in_flow(node: str) -> bool:
    """Whether the app is sound with the node in the transaction."""
    lines = "".join(f"      {line}\n" for line in node.splitlines())
    return library(lend=edited("lend", "      - create: loan\n", f"{lines}      - create: loan\n")).problems == ()

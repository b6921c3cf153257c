"""Apps that nobody writes by hand: huge, deep, circular or absurd, each a few lines of generator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.writ.library import DOCUMENTS, LEND, LOAN

Texts = dict[str, str]


def _app(**changed: str) -> Texts:
    return {f"{name}.yaml": text for name, text in {**DOCUMENTS, **changed}.items()}


def _before_answer(nodes: str) -> Texts:
    return _app(lend=LEND.replace("  - respond:", f"{nodes}\n  - respond:"))


def _inside(nodes: str) -> Texts:
    return _app(lend=LEND.replace("      - transition:", f"{nodes}\n      - transition:"))


def _when(expression: str) -> Texts:
    """The guard of the one tool is this expression, written as a block so that nothing needs a quote."""
    return _app(lend=LEND.replace("book.state == 'home'", f">-\n          {expression}"))


def _deep(depth: int, open: str, close: str, leaf: str) -> str:
    return "  - " + "".join(open.format(i) for i in range(depth)) + leaf + close * depth


def many_tools(count: int, flow: Callable[[int], str]) -> Texts:
    head = LEND[: LEND.index("flow:")]
    return _app(
        **{
            f"t{i}": head.replace("tool: lend", f"tool: t{i}").replace("/lend", f"/t{i}") + "flow:\n" + flow(i)
            for i in range(count)
        }
    )


_ANSWER = "  - respond:\n    value: {loan: input.book}\n"


def _call(to: int) -> str:
    return (
        f"  - call: called\n    tool: t{to}\n    input: {{book: input.book, reader: input.reader, days: input.days}}\n"
        "  - respond:\n    value: {loan: input.book}\n"
    )


def _call_everything(count: int) -> str:
    calls = "".join(
        f"  - call: c{i}\n    tool: t{i}\n    input: {{book: input.book, reader: input.reader, days: input.days}}\n"
        for i in range(count)
    )
    return calls + "  - respond:\n    value: {loan: input.book}\n"


def _entities(count: int, of: Callable[[int], str]) -> Texts:
    return _app(**{f"e{i}": of(i) for i in range(count)})


def _rule(number: int) -> str:
    return (
        f"policy: rule_{number}\ndescription: x\nid: ORG{number % 1000:03}\nabout: tool\n"
        "design: tool.name.startsWith('x')\nlevel: red\nmessage: x\nhelp: x\n"
    )


def _denial(number: int) -> str:
    return f"policy: p{number}\ndescription: x\ndeny_when: \"'x{number}' in principal.roles\"\nmessage: x.\n"


def _acknowledgements(lines: int) -> str:
    entry = "  - {{finding: {:016x}, rule: PAY008, reason: x, by: anna@example.org, until: 2027-01-31}}\n"
    return "acknowledgements:\n" + "".join(entry.format(i) for i in range(lines))


def _schema(depth: int) -> str:
    return "{type: object, properties: {a: " * depth + "{type: string}" + "}}" * depth


def _steps(count: int, each: str) -> str:
    return "\n".join(each.format(i) for i in range(count))


HTTP = (
    "  - http: h{0}\n    connector: post\n    operation: send\n    body: {{to: input.remark}}\n"
    "    timeouts: {{start_to_close: 10s, schedule_to_close: 2m}}\n    retry: {{max_attempts: 3}}"
)
TRANSACTION = (
    "  - transaction: tx{0}\n    nodes:\n      - read: b{0}\n        entity: Book\n        where: {{id: input.book}}\n"
    "        lock: update\n      - update: u{0}\n        entity: Book\n        where: {{id: b{0}.id}}\n"
    "        set: {{copies: b{0}.copies - 1}}"
)
IF = "  - if: i{0}\n    when: input.days > {0}\n    then:\n      - transform: v{0}\n        value: input.days + {0}"
REQUIRE = "  - require: r{0}\n    that: input.days > {0}\n    else: out"
CHAIN = "  - transform: v{1}\n    value: v{0} + 1"

APPS: Mapping[str, Callable[[], Texts]] = {
    "2,500 transforms": lambda: _before_answer(_steps(2500, "  - transform: n{0}\n    value: input.days + {0}")),
    "chain of 2,500 values": lambda: _before_answer(
        "  - transform: v0\n    value: input.days\n" + "\n".join(CHAIN.format(i, i + 1) for i in range(2500))
    ),
    "doubling chain": lambda: _before_answer(
        "  - transform: v0\n    value: input.days\n"
        + "\n".join(f"  - transform: v{i + 1}\n    value: v{i} + v{i}" for i in range(1000))
    ),
    "2,500 guards": lambda: _before_answer(_steps(2500, REQUIRE)),
    "1,500 choices": lambda: _before_answer(_steps(1500, IF)),
    "500 calls outside": lambda: _before_answer(_steps(500, HTTP)),
    "600 transactions": lambda: _before_answer(_steps(600, TRANSACTION)),
    "1,000 writes in one transaction": lambda: _inside(
        _steps(
            1000,
            "      - create: l{0}\n        entity: Loan\n        set: {{reader: input.reader, days: {0}}}",
        )
    ),
    "10,000 nodes": lambda: _before_answer(
        "  - transaction: t\n    nodes: [" + ", ".join(f"{{transform: n{i}}}" for i in range(9_000)) + "]"
    ),
    "deep choices": lambda: _before_answer(_deep(30, "{{if: i{0}, when: 'true', then: [", "]}", "{refuse: out}")),
    "too deep choices": lambda: _before_answer(_deep(200, "{{if: i{0}, when: 'true', then: [", "]}", "{refuse: out}")),
    "deep parallels": lambda: _before_answer(
        _deep(
            20, "{{parallel: p{0}, branches: {{a: [{{wait: w{0}, for: 1s}}], b: [", "]}}}}", "{wait: w, for: 1s}"
        ).replace("}}}}", "}}")
    ),
    "deep repetitions": lambda: _before_answer(
        _deep(30, "{{each: e{0}, over: '[1, 2]', as: x{0}, max: 9, nodes: [", "]}", "{transform: y, value: 1}")
    ),
    "wide parallel": lambda: _before_answer(
        "  - parallel: p\n    branches:\n" + _steps(1500, "      b{0}: [{{wait: w{0}, for: 1s}}]")
    ),
    "wide switch": lambda: _before_answer(
        "  - switch: s\n    cases:\n"
        + _steps(1500, "      - {{when: input.days == {0}, nodes: [{{transform: v{0}, value: 1}}]}}")
        + "\n    default: [{transform: other, value: 1}]"
    ),
    "call circle": lambda: many_tools(500, lambda i: _call((i + 1) % 500)),
    "a long line of calls": lambda: many_tools(500, lambda i: _call(i + 1) if i < 499 else _ANSWER),
    "calls of everything": lambda: many_tools(60, lambda i: _call_everything(60)),
    "1,000 entities in a circle": lambda: _entities(
        1000,
        lambda i: (
            f"entity: E{i}\ndescription: x\nowner: o\nfields: {{o: {{type: reference, to: E{(i + 1) % 1000}}}}}\n"
        ),
    ),
    "owners in a long line": lambda: _entities(
        1000,
        lambda i: (
            f"entity: E{i}\ndescription: x\nowner: o\nfields: {{o: {{type: reference, to: E{i + 1}}}}}\n"
            if i < 999
            else f"entity: E{i}\ndescription: x\nowner: o\nfields: {{o: {{type: text, max_length: 9}}}}\n"
        ),
    ),
    "an entity with 5,000 fields": lambda: _app(
        wide="entity: Wide\ndescription: x\nfields:\n" + _steps(5000, "  f{0}: {{type: integer}}") + "\n"
    ),
    "5,000 states in a line": lambda: _app(
        line="entity: Line\ndescription: x\nfields: {t: {type: integer}}\nstates:\n"
        + "  s0: {initial: true, to: [s1], meaning: x}\n"
        + _steps(4000, "  s{0}: {{to: [s{0}], meaning: x}}").replace("s0: {to", "z: {to")
    ),
    "every state to every other": lambda: _app(
        mesh="entity: Mesh\ndescription: x\nfields: {t: {type: integer}}\nstates:\n"
        + "".join(
            f"  s{i}: {{initial: {str(i == 0).lower()}, meaning: x, to: [{', '.join(f's{j}' for j in range(120))}]}}\n"
            for i in range(120)
        )
    ),
    "1,500 invariants": lambda: _app(
        loan=LOAN[: LOAN.index("invariants:")]
        + "invariants:\n"
        + _steps(1500, "  i{0}: {{that: this.days > {0}, message: x.}}")
        + "\n"
    ),
    "10,000 rules of its own": lambda: _app(**{f"rule_{i}": _rule(i) for i in range(10_000)}),
    "5,000 policies": lambda: _app(**{f"p{i}": _denial(i) for i in range(5_000)}),
    "100,000 acknowledgements": lambda: _app(acknowledgements=_acknowledgements(100_000)),
    "3,000 acknowledgements": lambda: _app(acknowledgements=_acknowledgements(3_000)),
    "deep schema": lambda: _app(lend=LEND.replace("remark: {type: string, maxLength: 200}", f"remark: {_schema(28)}")),
    "wide schema": lambda: _app(
        lend=LEND.replace(
            "remark: {type: string, maxLength: 200}",
            ", ".join(f"remark{i}: {{type: string, maxLength: 20}}" for i in range(2500))
            .join("  \n")
            .strip()
            .replace(", ", "\n    "),
        )
    ),
    "alias bomb": lambda: _app(
        bomb="entity: Bomb\ndescription: x\nfields:\n  a0: &a0 {type: text}\n"
        + "".join(f"  a{i + 1}: &a{i + 1} {{x: *a{i}, y: *a{i}, z: *a{i}}}\n" for i in range(40))
    ),
    "huge text": lambda: _app(book=DOCUMENTS["book"].replace("A book.", "x" * 900_000)),
    "huge block text": lambda: _app(book=DOCUMENTS["book"].replace("A book.", "|\n" + "  words and words\n" * 50_000)),
    "strange names": lambda: _app(
        book=DOCUMENTS["book"].replace("A book.", '"\\u202e\\u2066 kob A \\U0001f4a5"').replace("novel", "ро́man")
    ),
    "parentheses": lambda: _when("(" * 4000 + "true" + ")" * 4000),
    "parentheses, fewer": lambda: _when("(" * 60 + "true" + ")" * 60),
    "negations": lambda: _when("!" * 9000 + "true"),
    "conjunctions": lambda: _when(" && ".join(["input.days > 1"] * 500)),
    "conjunctions of presence": lambda: _when(" && ".join(["has(input.remark)"] * 400)),
    "alternatives": lambda: _when(" || ".join(f"input.days == {i}" for i in range(450))),
    "conditionals": lambda: _when("true ? " * 400 + "true" + " : false" * 400),
    "sum": lambda: _when("+".join(["input.days"] * 800) + " > 0"),
    "list literal": lambda: _when(f"input.days in [{', '.join(map(str, range(1500)))}]"),
    "nested lists": lambda: _when("size(" + "[" * 200 + "]" * 200 + ") > 0"),
    "map literal": lambda: _when("size({" + ", ".join(f"'k{i}': {i}" for i in range(700)) + "}) > 0"),
    "nested maps": lambda: _when("size(" + "{'a': " * 100 + "1" + "}" * 100 + ") > 0"),
    "comprehensions": lambda: _when(" && ".join(["[1, 2].all(x, x > 0)"] * 400)),
    "nested comprehensions": lambda: _when("[1].all(x, " * 20 + "true" + ")" * 20),
    "more nested comprehensions": lambda: _when("[1].map(x, " * 200 + "1" + ")" * 200 + " == []"),
    "wrong everywhere": lambda: _when(" && ".join(f"input.nothing{i} > unknown{i}" for i in range(200))),
    "a path of 3,000 parts": lambda: _when("input" + ".days" * 1900),
    "indexes": lambda: _when("input" + "[0]" * 2000),
    "100,000 characters": lambda: _when("input.days > 0 && " * 5_600 + "true"),
    "pattern": lambda: _when("input.remark.matches('" + "(a+)+" * 1500 + "')"),
    "only line breaks": lambda: _app(book="\n" * 1_000_000),
    "only commas": lambda: _app(book="[" + "," * 500_000),
    "only colons": lambda: _app(book=": " * 300_000),
    "only quotes": lambda: _app(book="'" * 300_000),
    "only dashes": lambda: _app(book="- " * 200_000),
    "a thousand mistakes": lambda: _app(
        book="entity: Book\ndescription: x\nfields:\n" + _steps(3000, "  F{0}: {{typ: text, to: 1}}") + "\n"
    ),
    "a thousand unknown names": lambda: _before_answer(
        _steps(1000, "  - transform: n{0}\n    value: nothing_{0} + input.days_{0}")
    ),
    "three hundred tools": lambda: many_tools(300, lambda i: LEND[LEND.index("flow:") + 6 :]),
}
"""By name, the files of each app; made when asked for."""

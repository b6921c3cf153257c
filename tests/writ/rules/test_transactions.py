"""What the cases cannot say of the rules for transactions and calls: fixes that mend, words, one finding a cause."""

from __future__ import annotations

import pytest

from tests.writ.rules.library import Case, app_files, cases, check_texts, edited, judged
from writ.findings import Finding
from writ.fixes import apply_fixes
from writ.judgement import judge


def of(rule: str, name: str) -> Case:
    return next(case for case in cases() if case.rule == rule and case.name == name)


def found(texts: dict[str, str], app: str = "shop") -> tuple[Finding, ...]:
    checked = check_texts(texts, app)
    assert checked.problems == ()
    assert checked.app is not None
    return judge(checked.app).findings


MENDED = [case for case in cases() if case.rule in ("TXN006", "TXN008") and case.colour != "green"]


@pytest.mark.parametrize("case", MENDED, ids=str)
def test_the_fix_mends_the_finding(case: Case) -> None:
    findings = judged(case).findings
    fixed = apply_fixes(findings, case.texts())
    assert fixed.applied == findings
    assert found({**case.texts(), **fixed.texts}, case.app) == ()


def test_the_way_out_of_a_write_outside_names_the_transaction_beside_it() -> None:
    before = judged(of("TXN001", "an update before a transaction that can refuse")).findings[0]
    assert "`stocking`" in before.help
    assert before.witness[-2:] == (
        "`stocking` fails",
        "the run ends without success, and what `counted` did stays: half of the work",
    )


def test_asking_a_service_in_a_transaction_holds_its_locks() -> None:
    finding = judged(of("TXN002", "a service is asked among the writes")).findings[0]
    assert finding.message == "`tracked` calls the service `carrier` inside the transaction `noting`"
    assert finding.witness[-2] == "`tracked` waits for an answer: `noting` holds its locks meanwhile"


def test_what_changed_outside_stays_when_the_transaction_rolls_back() -> None:
    finding = judged(of("TXN002", "a called tool goes outside, in a case of the transaction")).findings[0]
    assert finding.witness[-1] == "`noting` rolls back, and what was done outside stays"


@pytest.mark.parametrize(
    ("effect", "rule"),
    [
        ("payment", "PAY001"),
        ("http", "TXN002"),
        ("wait", "TXN003"),
        ("transaction", "TXN004"),
    ],
)
def test_of_what_a_called_tool_does_in_a_transaction_only_the_worst_is_told(effect: str, rule: str) -> None:
    nodes = {
        "payment": (
            "  - payment: paid_out\n    connector: payments\n    operation: refund\n    amount: \"{'amount': 5,"
            " 'currency': 'EUR'}\"\n    of: input.reference\n    pivot: true\n    on_unknown: park\n"
            "    timeouts: {start_to_close: 20s, schedule_to_close: 12h}\n    retry: {max_attempts: 3}\n"
        ),
        "http": (
            "  - http: tracked\n    connector: carrier\n    operation: track\n    path: {parcel: input.reference}\n"
            "    timeouts: {start_to_close: 10s, schedule_to_close: 1m}\n    retry: {max_attempts: 3}\n"
        ),
        "wait": "  - wait: a_while\n    for: 1m\n",
        "transaction": (
            "  - transaction: looking\n    nodes:\n      - read: some\n        entity: Product\n        where: {}\n"
            '        expect: many\n        limit: "1"\n'
        ),
    }
    order = ("transaction", "wait", "http", "payment")
    flow = "".join(nodes[one] for one in order[: order.index(effect) + 1])
    texts = dict(app_files("shop"))
    texts["tools/all_of_it.yaml"] = (
        "tool: all_of_it\ndescription: Do several things.\n"
        "trigger: {http: {method: POST, path: /all}}\nallow: {clerk: all}\nidempotency: required\n"
        "input:\n  type: object\n  additionalProperties: false\n  required: [reference]\n"
        "  properties: {reference: {type: string, maxLength: 100}}\n"
        "output: {type: object, additionalProperties: false, properties: {}}\n"
        f"flow:\n{flow}  - respond:\n    value: {{}}\n"
    )
    texts["tools/ship.yaml"] = edited(
        texts["tools/ship.yaml"],
        "- transition: shipped\n",
        "- call: all\n  tool: all_of_it\n  input: {reference: \"'r'\"}\n- transition: shipped\n",
    )
    path = "shop.ship/noting/all"
    assert [finding.rule for finding in found(texts) if finding.path == path and finding.rule < "TXN005"] == [rule]


def test_a_called_tool_with_a_mistake_is_judged_once_that_is_mended() -> None:
    texts = dict(app_files("shop"))
    texts["tools/ship.yaml"] = edited(
        texts["tools/ship.yaml"],
        "- transition: shipped\n",
        '- call: counted\n  tool: stock_up\n  input: {product: order.product, pieces: "1"}\n- transition: shipped\n',
    )
    texts["tools/stock_up.yaml"] = edited(texts["tools/stock_up.yaml"], "entity: Product", "entity: Produkt")
    checked = check_texts(texts, "shop")
    assert checked.partial is not None
    assert [it.rule for it in judge(checked.partial, checked.problems).findings if it.rule.startswith("TXN")] == []


def test_an_operation_without_a_schema_is_told_once_however_many_use_it() -> None:
    case = of("EXT007", "what undoes a call is called with an answer without a schema")
    assert [finding.path for finding in judged(case).findings] == ["shop.carrier/create_parcel"]


def test_operations_that_undo_each_other_are_told_once_however_many_are_undone_so() -> None:
    case = of("EXT009", "two operations that undo each other")
    texts = case.texts()
    texts["tools/ship_again.yaml"] = (
        texts["tools/ship.yaml"].replace("tool: ship", "tool: ship_again").replace("/ship", "/ship_again")
    )
    assert [finding.path for finding in found(texts)] == ["shop.carrier/cancel_parcel"]


def test_the_version_to_compare_is_that_of_the_run_s_own_last_write() -> None:
    finding = judged(of("TXN007", "the stock of before the payment is written back")).findings[0]
    assert finding.help.startswith("compare `version: held.version` in the `where` of `released`")


def test_of_two_orders_of_locks_the_rarer_one_is_told() -> None:
    texts = dict(app_files("shop"))
    for tool in ("ship", "refund"):
        moved = "shipped" if tool == "ship" else "refunded"
        texts[f"tools/{tool}.yaml"] = texts[f"tools/{tool}.yaml"].replace(
            f"      - transition: {moved}",
            "      - read: product_first\n        entity: Product\n        where: {id: order.product}\n"
            f"        lock: update\n      - transition: {moved}",
        )
    findings = found(texts)
    assert [(finding.rule, finding.path) for finding in findings] == [
        ("TXN009", "shop.checkout/is_declined/releasing/product_again")
    ]

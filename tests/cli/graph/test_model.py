"""What is to be seen of a tool and of an entity, before it is placed."""

from __future__ import annotations

from cli.graph.dot import dot
from cli.graph.mermaid import mermaid
from cli.graph.model import Box, FlowPicture
from cli.graph.svg import svg
from tests.cli.graph.pictures import HARBOUR, SHOP, drawn, of_tool


def box(picture: FlowPicture, title: str) -> Box:
    (found,) = (one for one in picture.every_box() if one.title == title)
    return found


def test_a_call_outside_names_its_connector_and_operation() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    assert (box(picture, "tug").role, box(picture, "tug").lines[0]) == ("outside", "tugs.order_tug")
    assert (box(picture, "dues").role, box(picture, "dues").lines) == ("payment", ("till.charge", "amount berth.dues"))


def test_each_kind_of_node_has_its_role() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    roles = {one.title: one.role for one in picture.every_box()}
    assert roles["agreed"] == "approval"
    assert roles["tide"] == "wait"
    assert roles["helper"] == "call"
    assert roles["arrived"] == "emit"
    assert roles["both"] == "parallel"
    assert roles["boxes"] == "each"
    assert roles["size"] == roles["worth_a_second_try"] == "choice"
    assert roles["respond"] == "answer"


def test_paths_for_failures_are_lanes_of_their_own() -> None:
    picture = drawn(SHOP).tool("checkout")
    lanes = box(picture, "charge").lanes
    assert [(lane.label, lane.boxes[0].title) for lane in lanes] == [
        ("on error", "the run fails"),
        ("outcome unknown", "waits for an operator"),
    ]
    (lane,) = box(drawn(SHOP).tool("ship"), "handed_over").lanes
    assert (lane.label, lane.boxes[0].role) == ("on error", "refusal")


def test_a_repetition_tells_its_bound() -> None:
    assert box(drawn(HARBOUR).tool("arrive"), "boxes").lines == ("box of input.goods", "at most 20")


def test_a_read_of_many_rows_tells_their_order_and_their_number() -> None:
    flow = [
        {
            "transaction": "looking",
            "nodes": [
                {"read": "berths", "entity": "Berth", "expect": "many", "limit": 20},
                {"read": "sorted", "entity": "Berth", "expect": "many", "order": ["-created_at"], "limit": 5},
            ],
        },
        {"respond": None, "value": {"berth": "input.berth", "more": {"deep": "input.berth"}}},
    ]
    picture = of_tool(flow).tool("arrive")
    assert box(picture, "berths").lines == ("Berth", "expect many", "limit 20")
    assert box(picture, "sorted").lines == ("Berth", "expect many", "order created_at descending", "limit 5")


def test_an_answer_is_named_once_and_tells_what_is_in_it() -> None:
    picture = of_tool([{"respond": None, "value": {"berth": "input.berth"}}]).tool("arrive")
    answer = box(picture, "respond")
    assert (answer.heading, answer.lines) == ("respond", ("berth",))
    assert box(drawn(SHOP).tool("checkout"), "charge").heading == "payment charge"
    for text in (mermaid(picture), dot(picture), svg(picture)):
        assert "respond respond" not in text
    assert svg(picture).count(">respond<") == 1


def test_the_pivot_is_marked() -> None:
    picture = drawn(SHOP).tool("refund")
    assert [one.title for one in picture.every_box() if "pivot" in one.notes] == ["money_back"]


def test_a_transaction_tells_its_isolation() -> None:
    assert box(drawn(SHOP).tool("checkout"), "placing").lines == ("serializable",)


def test_a_compensation_leads_back_from_where_the_run_can_stop() -> None:
    picture = drawn(SHOP).tool("checkout")
    undo = box(picture, "charge").undo
    assert undo is not None
    assert (undo.box.title, undo.box.lines) == ("payments.refund", ("of charge.reference",))
    assert box(picture, "confirming").id in undo.from_boxes
    assert box(picture, "releasing").id not in undo.from_boxes, "nothing was paid there"


def test_a_refusal_of_the_authors_is_a_way_out_of_its_node() -> None:
    picture = drawn(SHOP).tool("checkout")
    assert [(one.code, one.status) for one in box(picture, "enough").exits] == [("too_few", 409)]
    assert box(picture, "product").exits == ()


def test_a_finding_stands_at_its_node_with_its_witness() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    agreed = box(picture, "agreed")
    (mark,) = agreed.marks
    assert (mark.rule, agreed.colour) == ("AUT012", "red")
    assert mark.witness
    assert mark.help
    assert mark in picture.marks


def test_every_finding_of_a_tool_stands_somewhere() -> None:
    picture = drawn(HARBOUR).tool("arrive")
    assert {mark.id for one in picture.every_box() for mark in one.marks} == {mark.id for mark in picture.marks}


def test_no_finding_of_an_app_is_lost() -> None:
    app = drawn(HARBOUR)
    picture = app.whole()
    shown = [*picture.marks, *(mark for one in picture.pictures for mark in one.marks)]
    assert {mark.place for mark in shown} == {str(finding.span) for finding in app.judgement.findings}


def test_a_life_names_the_tools_that_perform_its_moves() -> None:
    picture = drawn(SHOP).entity("Order")
    names = {state.id: state.name for state in picture.states}
    assert {(names[move.start], names[move.end]): move.tools for move in picture.moves} == {
        ("placed", "paid"): ("checkout",),
        ("placed", "cancelled"): ("checkout", "expire_unpaid"),
        ("paid", "shipped"): ("ship",),
        ("paid", "refunded"): ("refund",),
    }
    assert picture.creators == ("checkout",)
    assert [state.name for state in picture.states if state.initial] == ["placed"]
    assert [state.name for state in picture.states if state.final] == ["shipped", "cancelled", "refunded"]


def test_what_is_wrong_is_left_out_and_said() -> None:
    app = drawn(SHOP, **{"where: {id: product.id}": "where: {id: prodct.id}"})
    picture = app.tool("checkout")
    assert "a part is wrong and left out" in picture.start.notes or any(one.marks for one in picture.every_box())
    assert box(picture, "charge").role == "payment"
    moves = {move.tools for move in app.entity("Order").moves}
    assert ("checkout",) in moves, "what is known of the tool counts"

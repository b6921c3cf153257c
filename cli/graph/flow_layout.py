"""Where everything of a flow stands. A flow is structured, so each box is placed by itself and put into what it is in.

A block hangs on a vertical axis at x = 0, on which a run comes in at y = 0 and goes out at its height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from cli.graph.drawing import Dot, Drawing, Item, Line, Part, Tag, moved
from cli.graph.leaf import content, tag
from cli.graph.model import Box, FlowPicture, Lane

_GAP = 28
"""Pixels between two boxes that follow one another."""

_APART = 28
"""Pixels between lanes side by side."""

_PADDING = 20
_BUS = 16
_MARGIN = 24
_EXIT = 34


@dataclass(frozen=True, slots=True)
class Block:
    """Placed items around their axis. `left` and `right` are how far they reach. `edge` is the half width of its head
    and `middle` the height at which something can come in from the side.
    """

    left: float
    right: float
    height: float
    ends: bool
    items: tuple[Item, ...]
    edge: float = 0
    middle: float = 0


def laid_out(picture: FlowPicture) -> Drawing:
    """The whole flow, from top to bottom."""
    block = _sequence((picture.start, *picture.boxes))
    items = moved(block.items, _MARGIN + block.left, _MARGIN)
    return Drawing(2 * _MARGIN + block.left + block.right, 2 * _MARGIN + block.height, items)


def _sequence(boxes: Sequence[Box]) -> Block:
    """Boxes one below the other."""
    blocks = [_block(box) for box in boxes]
    tops = [0.0, *accumulate(block.height + _GAP for block in blocks)][:-1] if blocks else []
    items: list[Item] = []
    for block, top in zip(blocks, tops, strict=True):
        items += moved(block.items, 0, top)
    for before, top, following in zip(blocks, tops, tops[1:], strict=False):
        if not before.ends:
            items.append(Line(((0, top + before.height), (0, following)), "flow"))
    height = tops[-1] + blocks[-1].height if blocks else 0.0
    left = max((block.left for block in blocks), default=0)
    right = max((block.right for block in blocks), default=0)
    whole = Block(left, right, height, any(block.ends for block in blocks), tuple(items))
    return _with_undoing(whole, boxes, blocks, tops)


def _with_undoing(whole: Block, boxes: Sequence[Box], blocks: Sequence[Block], tops: Sequence[float]) -> Block:
    """With the dashed ways back from where a run may stop to what takes back what it did, left of everything."""
    items, left = list(whole.items), whole.left
    for number, box in enumerate(boxes):
        stops = box.undo.from_boxes if box.undo else ()
        if not stops:
            continue
        at = [other for other in range(number + 1, len(boxes)) if _holds(boxes[other], stops)]
        left += _GAP
        goal = tops[number] + blocks[number].middle
        for other in at:
            side = tops[other] + blocks[other].middle
            way = ((-blocks[other].edge, side), (-left, side), (-left, goal), (-blocks[number].left, goal))
            items.append(Line(way, "undo"))
        if not all(any(_holds(one, [stop]) for one in boxes) for stop in stops):
            rest = ((-left, whole.height), (-left, goal), (-blocks[number].left, goal))
            items.append(Line(rest, "undo"))
    return replace(whole, left=left + (4 if left > whole.left else 0), items=tuple(items))


def _holds(box: Box, ids: Sequence[str]) -> bool:
    return box.id in ids or any(_holds(one, ids) for lane in box.lanes for one in lane.boxes)


def _block(box: Box) -> Block:
    if box.role in ("transaction", "parallel", "each"):
        return _frame(box)
    failures = [lane for lane in box.lanes if lane.kind == "failure"]
    branches = [lane for lane in box.lanes if lane.kind == "branch"]
    head = _head(box)
    if failures:
        return _with_failures(head, failures)
    return _with_branches(head, branches) if branches else head


def _head(box: Box) -> Block:
    """The box itself, its ways out to the right and what takes it back to the left."""
    inside = content(box)
    undo = content(box.undo.box) if box.undo else None
    half, height = inside.width / 2, max(inside.height, undo.height if undo else 0)
    middle = height / 2
    part = Part(box, box.role, 0, 0, inside.width, height, inside.words, inside.chips)
    items: list[Item] = [part.moved(-half, 0)]
    right = left = half
    for exit in box.exits:
        pill = _exit_tag(exit.code, exit.status)
        pill = replace(pill, x=half + _EXIT, y=middle - pill.height / 2)
        items += [Line(((half - 10, middle), (half + _EXIT, middle)), "failure"), pill]
        right = pill.x + pill.width
    if box.undo is not None and undo is not None:
        left = half + _EXIT + undo.width
        back = Part(box.undo.box, "undo", 0, 0, undo.width, undo.height, undo.words, undo.chips)
        items += [
            back.moved(-left, middle - undo.height / 2),
            Line(((-half - _EXIT, middle), (-half, middle)), "undo"),
        ]
    return Block(left, right, height, box.ends, tuple(items), half, middle)


def _exit_tag(code: str, status: int | None) -> Tag:
    return tag(f"{code} · {status}" if status else code, "refusal", room=170, most=2)


def _with_failures(head: Block, lanes: Sequence[Lane]) -> Block:
    """Lanes to the right, entered from the side of the box; those that go on come back to the axis below."""
    items: list[Item] = list(head.items)
    right, bottom, returning = head.right + _APART, head.height, []
    for lane in lanes:
        name, inside = tag(lane.label, "failure"), _sequence(lane.boxes)
        axis = right + max(inside.left, name.width / 2)
        top = head.middle + _BUS + name.height + _BUS
        items.append(Line(((head.edge - 10, head.middle), (axis, head.middle), (axis, top)), "failure"))
        items += [name.moved(axis, head.middle + _BUS), *moved(inside.items, axis, top)]
        right = axis + max(inside.right, name.width / 2) + _APART
        bottom = max(bottom, top + inside.height)
        if not inside.ends:
            returning.append((axis, top + inside.height))
    height = bottom + (2 * _BUS if returning else 0)
    items += [Line(((x, y), (x, bottom + _BUS), (0, bottom + _BUS)), "failure") for x, y in returning]
    if height > head.height:
        items.append(Line(((0, head.height), (0, height)), "flow", arrow=False))
    return replace(head, right=right - _APART, height=height, items=tuple(items))


def _with_branches(head: Block, lanes: Sequence[Lane]) -> Block:
    """Lanes side by side below the box; those that go on meet again on the axis."""
    fan = _fan(lanes)
    return Block(
        left=max(head.left, fan.left),
        right=max(head.right, fan.right),
        height=head.height + fan.height,
        ends=fan.ends,
        items=(*moved(fan.items, 0, head.height), *head.items),
        edge=head.edge,
        middle=head.middle,
    )


def _fan(lanes: Sequence[Lane]) -> Block:
    """Lanes side by side around the axis: the ways to them from (0, 0), their names, and where they meet again."""
    names = [tag(lane.label, "branch") for lane in lanes]
    blocks = [_sequence(lane.boxes) for lane in lanes]
    lefts = [max(block.left, name.width / 2) for block, name in zip(blocks, names, strict=True)]
    rights = [max(block.right, name.width / 2) for block, name in zip(blocks, names, strict=True)]
    spaces = [a + b + _APART for a, b in zip(lefts, rights, strict=True)]
    starts = [0.0, *accumulate(spaces)]
    going_on = [start + left for start, left, block in zip(starts, lefts, blocks, strict=False) if not block.ends]
    # The one way that goes on stays on the axis, so that the main way of a flow is straight.
    shift = going_on[0] if len(going_on) == 1 else (starts[-1] - _APART) / 2
    axes = [start + left - shift for start, left in zip(starts, lefts, strict=False)]
    below = _BUS + max(name.height for name in names) + _BUS
    bottom = below + max(block.height for block in blocks)
    items: list[Item] = []
    for axis, name, block in zip(axes, names, blocks, strict=True):
        top = below if block.items else bottom
        items.append(Line(((0, 0), (0, _BUS), (axis, _BUS), (axis, top)), "way", arrow=bool(block.items)))
        items += [name.moved(axis, _BUS + 8), *moved(block.items, axis, below)]
        if not block.ends:
            items.append(Line(((axis, below + block.height), (axis, bottom + _BUS), (0, bottom + _BUS)), "way", False))
    ends = all(block.ends for block in blocks)
    if not ends:
        items.append(Line(((0, bottom + _BUS), (0, bottom + 2 * _BUS)), "flow", arrow=False))
    height = bottom if ends else bottom + 2 * _BUS
    return Block(shift, starts[-1] - _APART - shift, height, ends, tuple(items))


def _frame(box: Box) -> Block:
    """A box around its nodes, with its own words above them."""
    inside = content(box)
    body = _body(box)
    left = max(body.left + _PADDING, inside.width / 2)
    right = max(body.right + _PADDING, inside.width / 2)
    commits = box.role == "transaction"
    top = inside.height
    height = top + body.height + (_PADDING if not commits else _GAP)
    frame = Part(
        box, box.role, 0, 0, left + right, height, inside.words, inside.chips, frame=True, head=inside.height
    ).moved(-left, 0)
    items: list[Item] = [frame, *moved(_inside(body.items, box.id), 0, top)]
    if not body.ends:
        items.append(Line(((0, top + body.height), (0, height)), "flow", arrow=False))
    if commits:
        commit = tag("commit", "commit")
        items += [Dot(0, height, "commit"), replace(commit, x=12, y=height - commit.height / 2)]
    return Block(left, right, height + (6 if commits else 0), body.ends, tuple(items), left, min(top / 2, 24))


def _body(box: Box) -> Block:
    if box.role == "parallel":
        return _forked(_fan(box.lanes)) if box.lanes else _sequence(())
    body = _sequence(box.lanes[0].boxes if box.lanes else ())
    items = [Line(((0, 0), (0, _BUS)), "flow"), *moved(body.items, 0, _BUS)] if body.items else []
    entered = replace(body, height=body.height + _BUS, items=tuple(items))
    return _repeated(entered) if box.role == "each" and not body.ends else entered


def _forked(fan: Block) -> Block:
    """With bars where the branches part and where all of them have come."""
    wide = fan.left + fan.right
    bars = [Dot((fan.right - fan.left) / 2, _BUS, "bar", wide)]
    if not fan.ends:
        bars.append(Dot((fan.right - fan.left) / 2, fan.height - _BUS, "bar", wide))
    return replace(fan, items=(*fan.items, *bars))


def _repeated(body: Block) -> Block:
    """With a way back from the end of the nodes to their beginning."""
    name = tag("next", "branch")
    side, low = body.right + name.width / 2 + 8, body.height + 10
    back = Line(((0, low), (side, low), (side, 5), (2, 5)), "loop")
    label = name.moved(side, body.height / 2 - name.height / 2)
    down = Line(((0, body.height), (0, low + 8)), "flow", arrow=False)
    return replace(body, right=side + name.width / 2, height=low + 8, items=(*body.items, down, back, label))


def _inside(items: Sequence[Item], parent: str) -> tuple[Item, ...]:
    """The items as those of a frame: its own children are those that stand in no frame yet."""
    return tuple(replace(item, parent=parent) if isinstance(item, Part) and not item.parent else item for item in items)

"""Where everything in a chart goes: layers from the start downwards, what is inside a state laid out inside its box.

One idea: the ways that lead back are set aside, every other leads at least one layer down, through a stop in each layer
that it crosses; each layer is then ordered and placed by where its neighbours are. Lengths in pixels. It may not know
how anything looks.

K. Sugiyama, S. Tagawa, M. Toda: Methods for visual understanding of hierarchical system structures (1981).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from .graph import END, Chart, Edge, Node

LETTER_W, SMALL_LETTER_W, LINE_H = 7.3, 6.2, 16.0
NODE_W_MIN, NODE_H, DOT = 110.0, 36.0, 22.0
GAP_X, GAP_Y, PAD, HEAD, LANE = 34.0, 46.0, 18.0, 26.0, 16.0
SWEEPS = 6
START = "\0start"  # no state's name
Point = tuple[float, float]


class Box(NamedTuple):
    """A place, by its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> float:
        return self.x + self.w / 2


@dataclass
class Plan:
    """A chart laid out: boxes by state (and START, END), routes of edges, plans inside boxes with their offsets."""

    w: float = 0.0
    h: float = 0.0
    boxes: dict[str, Box] = field(default_factory=dict)
    routes: list[tuple[Edge, list[Point]]] = field(default_factory=list)
    inside: dict[str, list[tuple["Plan", float, float]]] = field(default_factory=dict)


@dataclass
class Spot:
    """A node, or the stop of an edge that crosses a layer."""

    w: float
    h: float
    x: float = 0.0
    above: list["Spot"] = field(default_factory=list)
    below: list["Spot"] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.x + self.w / 2


def layout(chart: Chart, outermost: bool = True) -> Plan:
    """The plan of a chart; the outermost shows its start and its end too."""
    plan, spots = Plan(), dict[str, Spot]()
    for name, node in chart.nodes.items():
        spots[name] = _spot(node, plan)
    edges = list(chart.edges)
    if outermost:
        spots |= {START: Spot(DOT, DOT), END: Spot(DOT, DOT)}
        edges.insert(0, Edge(START, chart.start, "next", ""))
    edges = [edge for edge in edges if edge.target in spots]
    if outermost and not any(edge.target == END for edge in edges):
        del spots[END]
    down = _downward(START if outermost else chart.start, spots, edges)
    ranks = _ranks(spots, down)
    layers, threads = _layers(spots, ranks, down)
    _order(layers)
    _place(layers)
    rows = _rows(layers)
    _settle(plan, spots, ranks, layers, rows)
    _route(plan, edges, threads, layers, rows)
    return plan


def _spot(node: Node, plan: Plan) -> Spot:
    """How large a state is; what is inside is laid out side by side."""
    words = max(len(node.name), len(node.note)) * LETTER_W + 2 * PAD
    if not node.inside:
        return Spot(max(NODE_W_MIN, words), NODE_H + (LINE_H if node.note else 0))
    x, top, height, parts = PAD, HEAD + (LINE_H if node.note else 0) + PAD / 2, 0.0, []
    for inner in (layout(one, outermost=False) for one in node.inside):
        parts.append((inner, x, top))
        x, height = x + inner.w + PAD, max(height, inner.h)
    plan.inside[node.name] = parts
    if x < words:  # the title is wider than what it stands over
        parts[:] = [(inner, at + (words - x) / 2, top) for inner, at, top in parts]
    return Spot(max(x, words), top + height + PAD)


def _downward(start: str, spots: Iterable[str], edges: list[Edge]) -> list[Edge]:
    """The edges that close no circle, seen from the start."""
    out: dict[str, list[Edge]] = {name: [] for name in spots}
    for edge in edges:
        out[edge.source].append(edge)
    down, done, under_way = [], set[str](), set[str]()
    for root in (start, *out):
        stack = [] if root in done else [(root, iter(out[root]))]
        under_way.add(root)
        while stack:
            name, ahead = stack[-1]
            following = next(ahead, None)
            if following is None:
                under_way.discard(name)
                done.add(name)
                stack.pop()
            elif following.target not in under_way:
                down.append(following)
                if following.target not in done:
                    under_way.add(following.target)
                    stack.append((following.target, iter(out[following.target])))
    return down


def _ranks(spots: Iterable[str], down: list[Edge]) -> dict[str, int]:
    """The layer of each: one below the lowest that leads to it."""
    ranks = dict.fromkeys(spots, 0)
    for _ in ranks:
        moved = False
        for edge in down:
            if ranks[edge.target] <= ranks[edge.source]:
                ranks[edge.target], moved = ranks[edge.source] + 1, True
        if not moved:
            break
    return ranks


def _layers(
    spots: dict[str, Spot], ranks: dict[str, int], down: list[Edge]
) -> tuple[list[list[Spot]], dict[Edge, list[Spot]]]:
    """The spots of each layer, and those that each edge runs through."""
    layers: list[list[Spot]] = [[] for _ in range(max(ranks.values()) + 1)]
    for name, spot in spots.items():
        layers[ranks[name]].append(spot)
    threads: dict[Edge, list[Spot]] = {}
    for edge in down:
        stops = [Spot(LANE, 0.0) for _ in range(ranks[edge.source] + 1, ranks[edge.target])]
        bearer = stops[0] if stops else spots[edge.target]  # where the label will stand
        bearer.w = max(bearer.w, len(edge.label) * SMALL_LETTER_W)
        for rank, stop in enumerate(stops, ranks[edge.source] + 1):
            layers[rank].append(stop)
        threads[edge] = [spots[edge.source], *stops, spots[edge.target]]
        for upper, lower in pairwise(threads[edge]):
            upper.below.append(lower)
            lower.above.append(upper)
    return layers, threads


def _order(layers: list[list[Spot]]) -> None:
    """Sort each layer by the mean place of its neighbours in the one before, down and up again."""
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            places = {id(spot): at for each in layers for at, spot in enumerate(each)}
            known = {id(spot): spot.above if sweep % 2 == 0 else spot.below for spot in layer}

            def mean(spot: Spot, known: dict = known, places: dict = places) -> float:
                near = [places[id(one)] for one in known[id(spot)]]
                return sum(near) / len(near) if near else float(places[id(spot)])

            layer.sort(key=mean)


def _place(layers: list[list[Spot]]) -> None:
    """Side by side first, then each as near to the middle of its neighbours as its layer allows."""
    for layer in layers:
        at = 0.0
        for spot in layer:
            spot.x, at = at, at + spot.w + GAP_X
    for sweep in range(SWEEPS):
        for layer in layers[1:] if sweep % 2 == 0 else layers[-2::-1]:
            wanted = []
            for spot in layer:
                near = [one.middle for one in (spot.above if sweep % 2 == 0 else spot.below)]
                wanted.append(sum(near) / len(near) - spot.w / 2 if near else spot.x)
            _spread(layer, wanted)
    least = min(spot.x for layer in layers for spot in layer)
    for layer in layers:
        for spot in layer:
            spot.x -= least


def _spread(layer: list[Spot], wanted: list[float]) -> None:
    """Give each its wanted place where there is room, in order; then shift all by what they are off on the whole."""
    edge = float("-inf")
    for spot, x in zip(layer, wanted, strict=True):
        spot.x = max(x, edge)
        edge = spot.x + spot.w + GAP_X
    off = sum(spot.x - x for spot, x in zip(layer, wanted, strict=True)) / len(layer)
    for spot in layer:
        spot.x -= off


class Row(NamedTuple):
    """The height at which a layer begins, and its own."""

    top: float
    height: float


def _rows(layers: list[list[Spot]]) -> list[Row]:
    rows, y = [], 0.0
    for layer in layers:
        rows.append(Row(y, max(spot.h for spot in layer)))
        y += rows[-1].height + GAP_Y
    return rows


def _settle(
    plan: Plan, spots: dict[str, Spot], ranks: dict[str, int], layers: list[list[Spot]], rows: list[Row]
) -> None:
    plan.w, plan.h = max(spot.x + spot.w for layer in layers for spot in layer), rows[-1].top + rows[-1].height
    for name, spot in spots.items():
        plan.boxes[name] = Box(spot.x, rows[ranks[name]].top, spot.w, spot.h)


def _route(
    plan: Plan, edges: list[Edge], threads: dict[Edge, list[Spot]], layers: list[list[Spot]], rows: list[Row]
) -> None:
    """Edges down run through their stops; those that lead back take a lane of their own on the right."""
    middles = {}
    for layer, row in zip(layers, rows, strict=True):
        middles.update({id(spot): row.top + row.height / 2 for spot in layer})
    for edge in edges:
        source, target = plan.boxes[edge.source], plan.boxes[edge.target]
        if edge in threads:
            stops = [(spot.middle, middles[id(spot)]) for spot in threads[edge][1:-1]]
            points = [(source.middle, source.y + source.h), *stops, (target.middle, target.y)]
        else:
            plan.w += LANE
            out, back = source.y + source.h / 2, target.y + target.h / 2 - (LINE_H / 2 if source is target else 0)
            points = [(source.x + source.w, out), (plan.w, out), (plan.w, back), (target.x + target.w, back)]
        plan.routes.append((edge, points))

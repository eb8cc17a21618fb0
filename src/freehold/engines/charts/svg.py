"""A chart as an SVG drawing that needs nothing else: no style sheet, no script, no font file.

One idea: the plan says where; here is only how it looks. It may not know how places are found.

https://www.w3.org/TR/SVG11/
"""

from collections.abc import Iterator
from html import escape

from .graph import END, Chart, Edge, Node
from .layout import HEAD, LINE_H, START, Box, Plan, Point, layout
from .palette import PALETTE, PLAIN, Colour
from .ways import Way

MARGIN, ROUND, LABEL_UP = 24.0, 7.0, 17.0
FONT = "font-family:ui-sans-serif,system-ui,sans-serif"
EDGE, TAKEN = "#9aa5b4", "#1f2733"
HEADS = "".join(
    f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
    for name, colour in (("edge", EDGE), ("taken", TAKEN))
)


def svg(chart: Chart, way: Way | None = None, title: str = "") -> str:
    """The drawing as text; states that a way visited carry their outcome's colour, edges it took are dark."""
    plan = layout(chart)
    w, h = plan.w + 2 * MARGIN, plan.h + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}" '
        f'style="{FONT};font-size:13px;background:#fff">',
        f"<title>{escape(title or 'workflow')}</title><defs>{HEADS}</defs>",
        *_scope(chart, plan, way, MARGIN, MARGIN),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _scope(chart: Chart, plan: Plan, way: Way | None, dx: float, dy: float) -> Iterator[str]:
    yield f'<g transform="translate({dx:.1f} {dy:.1f})">'
    for edge, points in plan.routes:
        taken = way is not None and ((edge.source, edge.target) in way.taken or _at_end(edge, chart, way))
        yield _line(edge, points, taken)
    for name, box in plan.boxes.items():
        if name in (START, END):
            yield _dot(box, name == END)
            continue
        node, status = chart.nodes[name], way.statuses.get(name) if way else None
        yield from _state(node, box, PALETTE[status] if status else PLAIN)
        for inner, (part, x, y) in zip(node.inside, plan.inside.get(name, ()), strict=True):
            yield from _scope(inner, part, way, box.x + x, box.y + y)
    yield from (_label(edge, points) for edge, points in plan.routes if edge.label)
    yield "</g>"


def _at_end(edge: Edge, chart: Chart, way: Way) -> bool:
    """Whether an edge from the start, or to the end, was taken."""
    if edge.source == START:
        return chart.start in way.statuses
    last = next((visit for visit in reversed(way.visits) if visit.depth == 0), None)
    return edge.target == END and last is not None and last.name == edge.source and bool(way.ended)


def _dot(box: Box, last: bool) -> str:
    x, y, r = box.middle, box.y + box.h / 2, box.h / 2
    inner = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r - 5:.1f}" fill="#fff"/>' if last else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{TAKEN}"/>{inner}'


def _state(node: Node, box: Box, colour: Colour) -> Iterator[str]:
    look = f'fill="{colour.fill}" stroke="{colour.line}" stroke-width="1.4"'
    x, y, w, h = box
    if node.type == "Choice":
        cut = h / 2
        corners = (
            (x + cut, y),
            (x + w - cut, y),
            (x + w, y + cut),
            (x + w - cut, y + h),
            (x + cut, y + h),
            (x, y + cut),
        )
        yield f'<polygon points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in corners)}" {look}/>'
    else:
        round_ = h / 2 if node.type in ("Succeed", "Fail", "Wait") else ROUND
        dashes = ' stroke-dasharray="6 3"' if node.inside else ""
        yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{round_:.1f}" {look}{dashes}/>'
    middle = y + HEAD / 2 + 2 if node.inside else y + h / 2 - (LINE_H / 2 if node.note else 0)
    yield _text(node.name, box.middle, middle, colour.ink, "font-weight:600")
    if node.note:
        yield _text(node.note, box.middle, middle + LINE_H, colour.ink, "font-size:11px;opacity:.75")


def _text(text: str, x: float, y: float, ink: str, style: str) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" dominant-baseline="central"'
    return f'<text {where} fill="{ink}" style="{style}">{escape(text)}</text>'


def _line(edge: Edge, points: list[Point], taken: bool) -> str:
    colour, width, head = (TAKEN, 2.2, "taken") if taken else (EDGE, 1.4, "edge")
    dashes = ' stroke-dasharray="5 4"' if edge.kind == "catch" else ""
    look = f'fill="none" stroke="{colour}" stroke-width="{width}" marker-end="url(#{head})"{dashes}'
    return f'<path d="{_curve(points)}" {look}/>'


def _curve(points: list[Point]) -> str:
    """Straight down at both ends of each stretch; a way back keeps its corners."""
    (x, y), *rest = points
    path = [f"M{x:.1f} {y:.1f}"]
    if len(points) == 4 and points[0][1] == points[1][1]:
        return path[0] + "".join(f"L{a:.1f} {b:.1f}" for a, b in rest)
    for a, b in rest:
        half = (y + b) / 2
        path.append(f"C{x:.1f} {half:.1f} {a:.1f} {half:.1f} {a:.1f} {b:.1f}")
        x, y = a, b
    return "".join(path)


def _label(edge: Edge, points: list[Point]) -> str:
    """Above what the edge leads to, or where it crosses its first layer: there the layout has left room."""
    x, y = points[1]
    halo = "font-size:11px;paint-order:stroke;stroke:#fff;stroke-width:4px"
    return _text(edge.label, x, y - LABEL_UP if len(points) == 2 else y, "#4a5568", halo)

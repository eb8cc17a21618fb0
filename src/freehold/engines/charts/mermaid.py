"""A chart as a Mermaid flowchart.

One idea: one line a node and one an edge, what is inside a state in a subgraph. It may not know layout.

https://mermaid.js.org/syntax/flowchart.html
"""

from collections.abc import Iterator

from .graph import END, Chart, Edge, Node
from .palette import PALETTE
from .ways import Way

SHAPES = {"Choice": ('{"', '"}'), "Wait": ('(["', '"])'), "Succeed": ('(("', '"))'), "Fail": ('(("', '"))')}
ARROWS = {"next": "-->", "choice": "-->", "default": "-->", "catch": "-.->"}


def mermaid(chart: Chart, way: Way | None = None) -> str:
    """The text of a flowchart; states that a way visited carry their outcome's colour, edges it took are thick."""
    ids: dict[str, str] = {}
    for each in chart.everything():
        for name in each.nodes:
            ids.setdefault(name, f"s{len(ids) + 1}")
    lines = ["flowchart TD", "  start((Start)) --> " + ids[chart.start], *_scope(chart, ids, way, "  ", "finish")]
    if any(edge.target == END for edge in chart.edges):
        lines.append("  finish((End))")
    for status, colour in PALETTE.items():
        named = sorted((ids[name] for name, one in (way.statuses if way else {}).items() if one == status), key=_number)
        if named:
            lines += [f"  classDef {status} fill:{colour.fill},stroke:{colour.line},color:{colour.ink}"]
            lines += [f"  class {','.join(named)} {status}"]
    return "\n".join(lines) + "\n"


def _number(id: str) -> int:
    return int(id[1:])


def _scope(chart: Chart, ids: dict[str, str], way: Way | None, indent: str, finish: str) -> Iterator[str]:
    for node in chart.nodes.values():
        yield from _node(node, ids, way, indent)
    for edge in chart.edges:
        if edge.target != END or finish:
            yield indent + _edge(edge, ids, way, finish)


def _node(node: Node, ids: dict[str, str], way: Way | None, indent: str) -> Iterator[str]:
    id, text = ids[node.name], _quoted(node.name + (f"\n{node.note}" if node.note else ""))
    if not node.inside:
        before, after = SHAPES.get(node.type, ('["', '"]'))
        yield f"{indent}{id}{before}{text}{after}"
        return
    yield f'{indent}subgraph {id}["{text}"]'
    for at, inner in enumerate(node.inside, 1):
        if len(node.inside) > 1:
            yield f'{indent}  subgraph {id}b{at}[" "]'
        yield from _scope(inner, ids, way, indent + "    ", "")
        if len(node.inside) > 1:
            yield f"{indent}  end"
    yield f"{indent}end"


def _edge(edge: Edge, ids: dict[str, str], way: Way | None, finish: str) -> str:
    arrow = "==>" if way and (edge.source, edge.target) in way.taken else ARROWS[edge.kind]
    label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
    return f"{ids[edge.source]} {arrow}{label} {ids[edge.target] if edge.target else finish}"


def _quoted(text: str) -> str:
    """Text inside Mermaid's quotes; characters that end or begin markup are written as entities."""
    marks = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "\n": "<br/>", "#": "#35;"}
    return "".join(marks.get(letter, letter) for letter in text)

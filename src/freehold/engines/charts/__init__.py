"""Charts of workflows: a definition as a graph, an execution's way through it, and both as Mermaid or SVG.

One idea: a chart is drawn from the definition alone; a way, read from the history, only colours it. It may not know
where definitions and histories come from, and does not run or check them.
"""

from .graph import Chart, Edge, Node, chart, scopes
from .mermaid import mermaid
from .svg import svg
from .ways import STATUSES, Visit, Way, way

__all__ = ["STATUSES", "Chart", "Edge", "Node", "Visit", "Way", "chart", "mermaid", "scopes", "svg", "way"]

"""Graph: which resource waits for which.

One idea: an edge is a reference in a branch that is taken, or a DependsOn; a resource whose condition is false is not
there. Creation asks for what is ready, deletion asks the graph turned round. It may not know what a resource is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from freehold.engines.cfn.environment import Environment
from freehold.engines.cfn.errors import InvalidTemplate, UnresolvedResources, bracketed
from freehold.engines.cfn.references import references
from freehold.engines.cfn.template import Output, Resource, Template


@dataclass(frozen=True, slots=True)
class Graph:
    """`needs` maps each name to those it waits for, all of them keys, in no circle; its order is the template's."""

    needs: Mapping[str, frozenset[str]]

    def ready(self, done: Collection[str], started: Collection[str] = ()) -> list[str]:
        """The names neither done nor started whose needs are all done."""
        finished = frozenset(done)
        begun = finished.union(started)
        return [name for name, needs in self.needs.items() if name not in begun and needs <= finished]

    def order(self) -> list[str]:
        """The names one after another, each after its needs."""
        return [name for level in self.levels() for name in level]

    def levels(self) -> list[list[str]]:
        """The names in steps: those of a step need only those of earlier steps."""
        levels: list[list[str]] = []
        done: set[str] = set()
        while len(done) < len(self.needs):
            levels.append(self.ready(done))
            done.update(levels[-1])
        return levels

    def reverse(self) -> "Graph":
        """The graph of deletion: each name waits for those that need it."""
        needed_by: dict[str, set[str]] = {name: set() for name in reversed(list(self.needs))}
        for name, needs in self.needs.items():
            for need in needs:
                needed_by[need].add(name)
        return Graph({name: frozenset(waits) for name, waits in needed_by.items()})


def graph_of(needs: Mapping[str, Collection[str]]) -> Graph:
    """A graph of names and their needs. Raises InvalidTemplate when they go round in a circle."""
    graph = Graph({name: frozenset(waits) for name, waits in needs.items()})
    circle = _unreachable(graph) & _unreachable(graph.reverse())
    if circle:
        raise InvalidTemplate(message=f"Circular dependency between resources: {bracketed(circle)}")
    return graph


def graph(template: Template, env: Environment) -> Graph:
    """The resources that exist under `env.conditions`, and what each waits for.

    Raises InvalidTemplate for a circle, and for a reference to a resource that its condition takes away.
    """
    alive = {id_: resource for id_, resource in template.resources.items() if exists(resource, env)}
    needs = {id_: _needs(resource, template, env) for id_, resource in alive.items()}
    _check_alive(set().union(*needs.values()), alive, "Resources")
    outputs = [output.value for output in template.outputs.values() if exists(output, env)]
    _check_alive(_resource_names(outputs, template, env), alive, "Outputs")
    return graph_of(needs)


def exists(declared: Resource | Output, env: Environment) -> bool:
    """Whether a resource's or output's condition lets it be."""
    return declared.condition is None or env.conditions[declared.condition]


def _needs(resource: Resource, template: Template, env: Environment) -> set[str]:
    written = [resource.properties, resource.metadata, resource.creation_policy, resource.update_policy]
    return {*resource.depends_on, *_resource_names(written, template, env)}


def _resource_names(value: object, template: Template, env: Environment) -> set[str]:
    return {one.name for one in references(value, env) if one.name in template.resources}


def _check_alive(names: Collection[str], alive: Collection[str], block: str) -> None:
    missing = [name for name in names if name not in alive]
    if missing:
        raise UnresolvedResources(names=bracketed(missing), block=block)


def _unreachable(graph: Graph) -> set[str]:
    """The names that never become ready: those in a circle and those behind one."""
    waiting = {name: set(needs) for name, needs in graph.needs.items()}
    needed_by: dict[str, list[str]] = {name: [] for name in waiting}
    for name, needs in waiting.items():
        for need in needs:
            needed_by[need].append(name)
    free = [name for name, needs in waiting.items() if not needs]
    while free:
        done = free.pop()
        del waiting[done]
        for name in needed_by[done]:
            waiting[name].discard(done)
            if not waiting[name]:
                free.append(name)
    return set(waiting)

"""How CloudFormation says no to a template.

One idea: every refusal is a `ValidationError`; a class of its own exists only for words that more than one place needs.
It may not know which operation is asking.
"""

from collections.abc import Iterable, Sequence

from freehold.engines.coerce import InvalidTemplate as InvalidTemplate


class UnresolvedResources(InvalidTemplate):
    """A reference or DependsOn names neither a resource that will exist nor a parameter."""

    words = "Template format error: Unresolved resource dependencies {names} in the {block} block of the template"


class UnresolvedCondition(InvalidTemplate):
    """A resource or output stands under a condition that is not declared."""

    words = "Template format error: Unresolved condition dependency {name} in the {block} block of the template"


class UndefinedResource(InvalidTemplate):
    """Fn::GetAtt names a resource that is not in the template."""

    words = "Template error: instance of Fn::GetAtt references undefined resource {name}"


class NullValue(InvalidTemplate):
    """A null stands where a value is due."""

    words = "[{path}] 'null' values are not allowed in templates"


class TransformFailed(InvalidTemplate):
    """A macro, ours or AWS's, refused the template."""

    words = "Transform {transform} failed with: {reason}"


def bracketed(names: Iterable[str]) -> str:
    """`[A, B]`, in the order of the alphabet, as CloudFormation lists names."""
    return f"[{', '.join(sorted(set(names)))}]"


def pointer(path: Sequence[object]) -> str:
    """`/Resources/Queue/Type/Name`: a place in a template. CloudFormation prints `Type` where `Properties` stands."""
    steps = [str(step) for step in path]
    if steps[:1] == ["Resources"] and steps[2:3] == ["Properties"] and len(steps) > 3:
        steps[2] = "Type"
    return "/" + "/".join(steps)

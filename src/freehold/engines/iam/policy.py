"""A compiled policy: statements that can be asked whether they apply.

One idea: a statement is three tests and a naming, each compiled from the document once, tried cheapest first.
It may not know how policies are weighed against each other, nor how a document is written.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from freehold.engines.iam.conditions import Clause
from freehold.engines.iam.principals import Naming, Principal
from freehold.engines.iam.request import Request
from freehold.engines.patterns.globs import Matcher


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `naming` is absent in policies that are attached to whom they concern."""

    sid: str | None
    effect: str
    action: Matcher  # of an action in lower case
    resource: Callable[[Request], bool]
    conditions: tuple[Clause, ...]
    naming: Callable[[Principal], Naming | None] | None

    def applies(self, request: Request) -> bool:
        """Whether action, resource and conditions fit, whoever asks."""
        if not self.action(request.folded_action) or not self.resource(request):
            return False
        return not self.conditions or all(clause(request) for clause in self.conditions)


@dataclass(frozen=True, slots=True)
class Policy:
    """A document of one kind, its statements by effect."""

    kind: str
    statements: tuple[Statement, ...]
    allows: tuple[Statement, ...] = field(init=False)
    denies: tuple[Statement, ...] = field(init=False)

    def __post_init__(self) -> None:
        for name, effect in (("allows", "Allow"), ("denies", "Deny")):
            object.__setattr__(self, name, tuple(each for each in self.statements if each.effect == effect))

    def forbids(self, request: Request) -> bool:
        """Whether some Deny applies to the caller."""
        return any(
            statement.applies(request) and (statement.naming is None or statement.naming(request.principal) is not None)
            for statement in self.denies
        )

    def permits(self, request: Request) -> bool:
        """Whether some Allow applies, for policies attached to whom they concern."""
        return any(statement.applies(request) for statement in self.allows)

    def namings(self, request: Request) -> set[Naming]:
        """How the Allows that apply name the caller, for policies on resources."""
        found = (each.naming(request.principal) for each in self.allows if each.naming and each.applies(request))
        return {naming for naming in found if naming is not None}

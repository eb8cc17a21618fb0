"""What a statement's terms are worth, given the parameters of one request.

One idea: to the expression languages a term is a placeholder, so they look it up here as they would in a request.
"""

from collections.abc import Sequence

from freehold.engines.expressions.paths import Path
from freehold.engines.expressions.scope import Scope
from freehold.engines.expressions.values import AttributeValue, admit, type_of
from freehold.engines.partiql.errors import ItemExpected, ParametersUnmatched, SetOfMixedTypes
from freehold.engines.partiql.syntax import Insert, ListTerm, Literal, Parameter, SetTerm, Statement, Term, TupleTerm

SET_TYPES = {"S": "SS", "N": "NS", "B": "BS"}


class Bindings(Scope):
    """The values of one statement in one request. Names are names: nothing stands for another."""

    def __init__(self, statement: Statement, parameters: Sequence[AttributeValue]) -> None:
        """Raises ValidationException if there are too few or too many parameters, or a value is inadmissible."""
        super().__init__()
        if statement.parameters != len(parameters):
            raise ParametersUnmatched()
        self._parameters = parameters
        self.values = {f":{place}": self.worth(term) for place, term in enumerate(statement.terms)}

    def path(self, kind: str, path: Path) -> Path:
        return path

    def worth(self, term: Term) -> AttributeValue:
        """A term's value in stored form."""
        return admit(self._plain(term))

    def _plain(self, term: Term) -> AttributeValue:
        match term:
            case Literal(value):
                return value
            case Parameter(place):
                return self._parameters[place]
            case ListTerm(elements):
                return {"L": [self._plain(element) for element in elements]}
            case TupleTerm(entries):
                return {"M": {name: self._plain(entry) for name, entry in entries}}
            case SetTerm(members):
                return _set([self._plain(member) for member in members])

    def item(self, insert: Insert) -> dict[str, AttributeValue]:
        """What an INSERT statement makes. Raises ItemExpected."""
        value = self.worth(insert.item)
        if "M" not in value:
            raise ItemExpected()
        return value["M"]


def _set(members: list[AttributeValue]) -> AttributeValue:
    kinds = {type_of(member) for member in members}
    kind = next(iter(kinds), "S")
    if len(kinds) > 1 or kind not in SET_TYPES:
        raise SetOfMixedTypes()
    return {SET_TYPES[kind]: [member[kind] for member in members]}

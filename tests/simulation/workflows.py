"""Workflows made up by chance: definitions of every kind of state that waits, and what each leaves to be counted.

One idea: a piece is a few states in a row that hand on {"id", "n"}; pieces are strung together, and inside one another.
Everything that chance decides is decided when the definition is made, so an execution can end in one way only.
"""

import json
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

States = list[tuple[str, dict[str, Any]]]
Piece = Callable[[int], States]
DEPTH_MAX = 2


class Author:
    """Writes definitions. `words` and `calls` are the URLs of the queues for messages and for callbacks."""

    def __init__(self, chance: Random, words: str, calls: str):
        self.chance, self.words, self.calls, self.named = chance, words, calls, 0

    def definition(self) -> str:
        return json.dumps(self.scope(0, self.chance.randint(3, 6)))

    def one_of_each(self) -> str:
        """A definition with a piece of each kind; what is inside of others is simple."""
        pieces = [piece(DEPTH_MAX - 1) for piece in (*self.simple, *self.nested)]
        return json.dumps(self.strung([state for piece in pieces for state in piece]))

    @property
    def simple(self) -> list[Piece]:
        return [self.add, self.rest, self.tell, self.refuse, self.ask, self.choose]

    @property
    def nested(self) -> list[Piece]:
        return [self.branches, self.inline, self.distributed]

    def scope(self, depth: int, length: int) -> dict[str, Any]:
        """So many pieces in a row, as a machine, branch or processor."""
        kinds = self.simple + (self.nested if depth < DEPTH_MAX else [])
        return self.strung([state for _ in range(length) for state in self.chance.choice(kinds)(depth)])

    def strung(self, states: States) -> dict[str, Any]:
        """States in a row, each leading to the next where it leads nowhere else."""
        for (_, state), (following, _) in pairwise(states):
            if state["Type"] != "Choice":
                state.setdefault("Next", following)
        states[-1][1]["End"] = True
        for _, state in states:
            self._lead_on(state, states)
        return {"StartAt": states[0][0], "States": dict(states)}

    def _lead_on(self, state: dict[str, Any], states: States) -> None:
        """A failure that is caught goes where success would have."""
        if "Catch" in state:
            state["Catch"][0]["Next"] = state.get("Next") or self._landing(state, states)

    def _landing(self, state: dict[str, Any], states: States) -> str:
        name = self.name("Land")
        states.append((name, {"Type": "Pass", "End": True}))
        del state["End"]
        state["Next"] = name
        return name

    def name(self, kind: str) -> str:
        self.named += 1
        return f"{kind} {self.named}"

    # Pieces

    def add(self, _depth: int) -> States:
        data = {"id.$": "$.id", "n.$": f"States.MathAdd($.n, {self.chance.randint(1, 9)})"}
        return [(self.name("Add"), {"Type": "Pass", "Parameters": data})]

    def rest(self, _depth: int) -> States:
        return [(self.name("Rest"), {"Type": "Wait", "Seconds": self.chance.choice((1, 20, 400))})]

    def tell(self, _depth: int) -> States:
        """A message that is to be sent once."""
        name = self.name("Tell")
        body = f"States.Format('{name} {{}} {{}}', $.id, $.n)"
        parameters = {"QueueUrl": self.words, "MessageBody.$": body}
        task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": parameters}
        return [(name, {**task, "ResultPath": None})]

    def refuse(self, _depth: int) -> States:
        """A task that fails each time it is tried, and is caught."""
        key = {"id": {"S": "taken"}}
        parameters = {"TableName": "notes", "Item": key, "ConditionExpression": "attribute_not_exists(id)"}
        retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": self.chance.randint(1, 2)}]
        state = {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": parameters,
            "Retry": retry, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": None}], "ResultPath": None,
        }  # fmt: skip
        return [(self.name("Refuse"), state)]

    def ask(self, _depth: int) -> States:
        """A task that somebody answers by its token."""
        body = {"token.$": "$$.Task.Token", "n.$": "$.n"}
        parameters = {"QueueUrl": self.calls, "MessageBody": body}
        resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        return [
            (self.name("Ask"), {"Type": "Task", "Resource": resource, "Parameters": parameters, "ResultPath": "$.n"})
        ]

    def choose(self, depth: int) -> States:
        """One of two ways, which meet again."""
        low, high, meet = self.name("Low"), self.name("High"), self.name("Meet")
        rule = {"Variable": "$.n", "NumericLessThan": self.chance.randint(1, 30), "Next": low}
        return [
            (self.name("Choose"), {"Type": "Choice", "Choices": [rule], "Default": high}),
            (low, {**self.add(depth)[0][1], "Next": meet}),
            (high, {"Type": "Pass", "Next": meet}),
            (meet, {"Type": "Pass"}),
        ]

    def branches(self, depth: int) -> States:
        inner = [self.scope(depth + 1, self.chance.randint(1, 2)) for _ in range(self.chance.randint(1, 3))]
        return [(self.name("Branch"), {"Type": "Parallel", "Branches": inner, "ResultPath": None})]

    def inline(self, depth: int) -> States:
        return self._map(depth, {"Mode": "INLINE"})

    def distributed(self, depth: int) -> States:
        return self._map(depth, {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"})

    def _map(self, depth: int, config: dict[str, str]) -> States:
        """Each of a few numbers, beside the id; what comes of it is kept in order."""
        items: dict[str, Any] = {"id.$": "$.id", "n.$": "$$.Map.Item.Value"}
        state = {
            "Type": "Map", "ItemsPath": "$.items", "ItemSelector": items, "MaxConcurrency": self.chance.randint(0, 2),
            "ItemProcessor": {"ProcessorConfig": config, **self.scope(depth + 1, self.chance.randint(1, 2))},
            "ResultPath": "$.last",
        }  # fmt: skip
        numbers = list(range(self.chance.randint(1, 4)))
        keep = {"id.$": "$.id", "n.$": "$.n", "items": numbers}
        drop = {"id.$": "$.id", "n.$": "States.MathAdd($.n, States.ArrayLength($.last))"}
        return [
            (self.name("List"), {"Type": "Pass", "Parameters": keep}),
            (self.name("Each"), state),
            (self.name("Sum"), {"Type": "Pass", "Parameters": drop}),
        ]

"""Precision, recall, F1 and span accuracy of findings against labels.

One idea: a finding is right if it covers a label of its own identifier by half of both; its span is right if it is that
label's. It may not know who found.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bench.pii.texts import Label, Text


@dataclass
class Score:
    """Counts of one identifier. `exact` of the right ones have the label's own span."""

    right: int = 0
    exact: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / ((2 * self.right + self.wrong + self.missed) or 1)

    @property
    def spans(self) -> float:
        return self.exact / (self.right or 1)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Intersection over union."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


def scores(texts: Iterable[Text], findings: Iterable[list[Label]]) -> tuple[dict[str, Score], int]:
    """By identifier; and how often a labelled span was taken for that of another identifier too."""
    found: dict[str, Score] = defaultdict(Score)
    confused = 0
    for text, spans in zip(texts, findings, strict=True):
        free = list(spans)
        for label in text.labels:
            best = max(
                (one for one in free if one.name == label.name),
                key=lambda one: overlap(one[1:], label[1:]),
                default=None,
            )
            if best and overlap(best[1:], label[1:]) >= 0.5:
                found[label.name].right += 1
                found[label.name].exact += best == label
                free.remove(best)
            else:
                found[label.name].missed += 1
        for one in free:
            if any(overlap(one[1:], label[1:]) >= 0.5 and one.name != label.name for label in text.labels):
                confused += 1
            elif not any(max(one.start, start) < min(one.end, end) for start, end in text.loose):
                found[one.name].wrong += 1
    return dict(found), confused

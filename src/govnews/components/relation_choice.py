"""Which relations exclude each other, and how their probabilities share what there is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from thinc.types import Floats2d

from govnews.components.relation_candidates import Candidates

_GREATEST = 300.0
"""Logits beyond are as good: e to their sum still fits."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices to make among the labels of pairs, of each of which one relation at most comes out.

    Args:
        numbers: Of the choice that each label of each pair belongs to, shape (pairs, labels), from 0.
        size: How many choices there are.
    """

    numbers: NDArray[np.int64]
    size: int

    def count(self, ops: Any, values: Any) -> Any:
        """Sum values over each choice: from shape (pairs, labels) to shape (choices,)."""
        numbers = ops.asarray(self.numbers.reshape(-1))
        return ops.xp.bincount(numbers, weights=values.reshape(-1), minlength=self.size)

    def share(self, ops: Any, logits: Any, allowed: Floats2d) -> tuple[Floats2d, Any]:
        """Softmax over the rivals of each choice and the answer that none of them holds, whose logit is 0.

        A choice of one is the sigmoid; one head of many is the head selection of Zhang, Cheng and Lapata (2017:
        Dependency parsing as head selection).

        Args:
            ops: Of the model.
            logits: Shape (pairs, labels).
            allowed: 1 where a pair's signature allows the label, else 0, shape (pairs, labels).

        Returns:
            Probabilities, 0 where the label is not allowed, shape (pairs, labels), and that of none, shape (choices,).
        """
        exponents = ops.xp.exp(ops.xp.clip(logits.astype("float64"), -_GREATEST, _GREATEST)) * allowed
        totals = self.count(ops, exponents) + 1
        return (exponents / totals[ops.asarray(self.numbers)]).astype("float32"), 1 / totals

    def wanted(self, ops: Any, gold: Floats2d) -> tuple[Floats2d, Any]:
        """What `share` should give; where a choice has several answers, they share it.

        Args:
            ops: Of the model.
            gold: 1 for each label that a pair has, shape (pairs, labels).
        """
        counts = self.count(ops, gold)
        shares = gold / ops.xp.maximum(counts, 1)[ops.asarray(self.numbers)]
        return shares.astype("float32"), (counts == 0).astype("float32")


def find_choices(
    batch: Iterable[Candidates],
    labels: Sequence[str],
    *,
    single_head: Collection[str] = (),
    single_tail: Collection[str] = (),
    exclusive: bool = False,
) -> Choices:
    """Tell which labels of which pairs are rivals.

    Args:
        batch: The pairs of each document.
        labels: Of the relations, one a column.
        single_head: Labels under which a tail has one head at most: its heads are rivals.
        single_tail: Labels under which a head has one tail at most: its tails are rivals.
        exclusive: Whether a pair has one label at most: its labels are rivals, and nothing else is.
    """
    rows = [np.zeros((0, 2), dtype=np.int64)]
    shift = 0
    for candidates in batch:
        rows.append(candidates.members + shift)
        shift += candidates.n_entities
    heads, tails = np.concatenate(rows).T
    pairs = np.arange(len(heads))
    columns = [
        pairs if exclusive else tails if label in single_head else heads if label in single_tail else pairs
        for label in labels
    ]
    # choices of one label are numbered apart from those of another
    apart = 0 if exclusive else max(shift, len(pairs))
    keys = np.stack([column + apart * number for number, column in enumerate(columns)], axis=1)
    known, numbers = np.unique(keys, return_inverse=True)
    return Choices(numbers.reshape(keys.shape), len(known))

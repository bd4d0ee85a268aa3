"""What guesses classes from encoded units while an encoder is pretrained; thrown away afterwards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

MANY = 10_000
COMMON = 2_000


def build_head(width: int, classes: int) -> Head:
    """Build a head whose cost does not grow much with the number of classes.

    Args:
        width: Of the encoded units.
        classes: How many there are; from `MANY` on the most frequent must come first.
    """
    return AdaptiveHead(width, classes) if classes > MANY else LinearHead(width, classes)


class Head(nn.Module, ABC):
    """Guesses the class of encoded units."""

    @abstractmethod
    def loss(self, rows: Tensor, targets: Tensor) -> Tensor:
        """The mean loss in nats.

        Args:
            rows: Encoded units, shape (units, width).
            targets: Their classes, shape (units,).
        """

    @abstractmethod
    def predict(self, rows: Tensor) -> Tensor:
        """The most probable class of encoded units, shape (units,)."""


class LinearHead(Head):
    """One score a class."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, classes)

    def loss(self, rows: Tensor, targets: Tensor) -> Tensor:
        """The mean loss in nats."""
        return functional.cross_entropy(self.linear(rows).float(), targets)

    def predict(self, rows: Tensor) -> Tensor:
        """The most probable class."""
        best: Tensor = self.linear(rows).argmax(dim=1)
        return best


class AdaptiveHead(Head):
    """First among the common classes or a group of rarer ones, then in the group, with fewer weights a class.

    After Grave et al. 2017: Efficient softmax approximation for GPUs. A score for each of 40,000 words would take twice
    as long as the encoder does.
    """

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.softmax: Any = nn.AdaptiveLogSoftmaxWithLoss(width, classes, [COMMON, MANY], div_value=2.0)

    def loss(self, rows: Tensor, targets: Tensor) -> Tensor:
        """The mean loss in nats."""
        with torch.autocast("cpu", enabled=False):
            loss: Tensor = self.softmax(rows.float(), targets).loss
        return loss

    def predict(self, rows: Tensor) -> Tensor:
        """The most probable class."""
        with torch.autocast("cpu", enabled=False):
            best: Tensor = self.softmax.predict(rows.float())
        return best

"""The mathematics of a linear-chain conditional random field over BILUO tags, in numpy and without spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Span = tuple[int, int, str]
"""First token, one past the last, label."""

BEGIN, IN, LAST, UNIT = range(4)


class TagScheme:
    """BILUO tags: 0 is outside; each label has four, for the first, an inner, the last and the only token of an entity.

    Args:
        labels: Entity labels.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.size = 1 + 4 * len(self.labels)
        kinds = np.arange(-1, self.size - 1) % 4
        opens = np.isin(kinds, (BEGIN, UNIT))
        closes = np.isin(kinds, (LAST, UNIT))
        opens[0] = closes[0] = True
        label = np.arange(-1, self.size - 1) // 4
        inside = ~closes[:, None] & ~opens[None] & (label[:, None] == label[None])
        self.allowed: Array = (closes[:, None] & opens[None]) | inside
        """Whether a tag may follow another, shape (size, size)."""
        self.starts: Array = opens
        """Whether a sequence may start with a tag, shape (size,)."""
        self.ends: Array = closes
        """Whether it may end with it."""

    def encode(self, spans: Iterable[Span], length: int) -> Array:
        """The tags of a sequence, shape (length,).

        Args:
            spans: Entities that do not overlap; those of unknown labels are left out.
            length: Tokens.
        """
        tags = np.zeros(length, dtype=np.int64)
        for start, end, label in spans:
            if label in self.labels:
                first = 1 + 4 * self.labels.index(label)
                tags[start:end] = first + IN
                tags[start], tags[end - 1] = first + BEGIN, first + LAST
                if end - start == 1:
                    tags[start] = first + UNIT
        return tags

    def decode(self, tags: Iterable[int]) -> Iterator[Span]:
        """The entities that valid tags stand for."""
        start = 0
        for position, tag in enumerate(tags):
            label, kind = divmod(int(tag) - 1, 4)
            if tag and kind in (BEGIN, UNIT):
                start = position
            if tag and kind in (LAST, UNIT):
                yield start, position + 1, self.labels[label]


class Lattice:
    """All valid taggings of a batch of sequences, weighed by a linear chain (Lafferty, McCallum and Pereira 2001).

    Forward and backward sums are kept in probabilities that each step normalises, so that a step is one product of
    matrices for the whole batch.

    Args:
        scheme: The tags.
        transitions: Scores of one tag after another, shape (tags, tags).
        emissions: Scores of each tag at each token, one array of shape (tokens, tags) a sequence; none is empty.
    """

    def __init__(self, scheme: TagScheme, transitions: Array, emissions: Sequence[Array]) -> None:
        self.scores, self.mask = _pad(emissions)
        self._starts = scheme.starts
        self._transitions = transitions.astype(np.float64)
        self._step = np.exp(self._transitions) * scheme.allowed
        top = self.scores.max(axis=2, keepdims=True)
        self._weights = np.exp(self.scores - top)
        forward = np.zeros_like(self.scores)
        norms = np.ones((*self.mask.shape, 1))
        for t in range(len(forward)):
            reached = (forward[t - 1] @ self._step if t else scheme.starts) * self._weights[t]
            live = self.mask[t][:, None]
            norms[t] = np.where(live, reached.sum(axis=1, keepdims=True), 1)
            forward[t] = np.where(live, reached / norms[t], forward[t - 1])
        final = (forward[-1] * scheme.ends).sum(axis=1, keepdims=True)
        backward = np.zeros_like(self.scores)
        backward[-1] = scheme.ends / final
        for t in range(len(backward) - 2, -1, -1):
            following = (self._weights[t + 1] * backward[t + 1] / norms[t + 1]) @ self._step.T
            backward[t] = np.where(self.mask[t + 1][:, None], following, backward[t + 1])
        self._forward, self._backward, self._norms = forward, backward, norms
        self.log_partition = (np.log(norms[:, :, 0]) + top[:, :, 0] * self.mask).sum(axis=0) + np.log(final[:, 0])
        """Logarithm of the summed weight of all valid taggings, shape (sequences,)."""

    def marginals(self) -> list[Array]:
        """The probability of each tag at each token, shape (tokens, tags), for each sequence."""
        return self._cut(self._forward * self._backward)

    def expected_transitions(self) -> Array:
        """How often each tag is expected after each other one, in all sequences together, shape (tags, tags)."""
        live = self.mask[1:, :, None]
        before = (self._forward[:-1] * live).reshape(-1, len(self._step))
        after = (self._weights * self._backward / self._norms)[1:] * live
        return np.asarray(self._step * (before.T @ after.reshape(-1, len(self._step))))

    def conditionals(self, tags: Sequence[Array]) -> list[Array]:
        """The probability of each tag at each token after the one that a tagging has before it; rows sum to one.

        The product of a tagging's own is its probability.

        Args:
            tags: A valid tagging of each sequence.
        """
        found = []
        for rows, path in zip(self._cut(self._weights * self._backward), tags, strict=True):
            rows[1:] *= self._step[path[:-1]]
            rows[0] *= self._starts
            found.append(rows / rows.sum(axis=1, keepdims=True))
        return found

    def loss(self, tags: Sequence[Array]) -> tuple[float, list[Array], Array]:
        """The negative log-likelihood of the right taggings, summed over sequences.

        Args:
            tags: The valid tagging of each sequence.

        Returns:
            The loss, and its gradients with respect to the emissions and to the transitions.
        """
        value = float(self.log_partition.sum())
        gradients = self.marginals()
        d_transitions = self.expected_transitions()
        for path, scores, gradient in zip(tags, self._cut(self.scores), gradients, strict=True):
            at = np.arange(len(path)), path
            value -= scores[at].sum() + self._transitions[path[:-1], path[1:]].sum()
            gradient[at] -= 1
            np.subtract.at(d_transitions, (path[:-1], path[1:]), 1)
        return value, gradients, d_transitions

    def _cut(self, padded: Array) -> list[Array]:
        return [padded[:length, number].copy() for number, length in enumerate(self.mask.sum(axis=0))]


def find_best(scheme: TagScheme, transitions: Array, emissions: Sequence[Array]) -> list[Array]:
    """The best valid tagging of each sequence (Viterbi 1967); arguments are those of `Lattice`."""
    scores, mask = _pad(emissions)
    with np.errstate(divide="ignore"):
        steps = transitions + np.log(scheme.allowed)
        best = scores[0] + np.log(scheme.starts)
        ends = np.log(scheme.ends)
    came_from = np.zeros(scores.shape, dtype=np.int64)
    for t in range(1, len(scores)):
        reached = best[:, :, None] + steps
        came_from[t] = reached.argmax(axis=1)
        best = np.where(mask[t][:, None], reached.max(axis=1) + scores[t], best)
    last = (best + ends).argmax(axis=1)
    paths = []
    for number, length in enumerate(mask.sum(axis=0)):
        path = np.empty(length, dtype=np.int64)
        path[-1] = last[number]
        for t in range(length - 1, 0, -1):
            path[t - 1] = came_from[t, number, path[t]]
        paths.append(path)
    return paths


def _pad(arrays: Sequence[Array]) -> tuple[Array, Array]:
    """Arrays of shape (tokens, tags) as one of shape (steps, sequences, tags), and where it holds tokens."""
    lengths = np.array([len(array) for array in arrays])
    padded = np.zeros((lengths.max(), len(arrays), arrays[0].shape[1]))
    for number, array in enumerate(arrays):
        padded[: len(array), number] = array
    return padded, np.arange(len(padded))[:, None] < lengths

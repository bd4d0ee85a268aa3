"""Which pairs of entities may be related, and what can be seen of a pair without reading it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc, Span

from govnews.records import Document, Entity, SentenceIndex

Signature = tuple[str, str, str]
"""Head label, tail label, relation label."""

N_FEATURES = 16
_DISTANCES = (0, 1, 2, 4, 8, 16, 32, 64, 128)
_CUES = ("其中", "等", "分别", "通过", "，", "、", "；", "：", "在")


@dataclass(slots=True)
class Candidates:
    """Pairs of entities of one document.

    Args:
        doc: The document.
        heads: Head spans, one a pair.
        tails: Tail spans.
        features: Hashed features, shape (pairs, N_FEATURES).
        members: The numbers of head and tail among the entities, shape (pairs, 2).
        n_entities: Entities that were paired.
    """

    doc: Doc
    heads: list[Span]
    tails: list[Span]
    features: NDArray[np.uint64]
    members: NDArray[np.int64]
    n_entities: int

    def __len__(self) -> int:
        return len(self.heads)

    def __add__(self, other: Candidates) -> Candidates:
        return Candidates(
            self.doc,
            self.heads + other.heads,
            self.tails + other.tails,
            np.concatenate([self.features, other.features]),
            np.concatenate([self.members, other.members + self.n_entities]),
            self.n_entities + other.n_entities,
        )

    def offsets(self) -> NDArray[np.int64]:
        """Token offsets, shape (pairs, 6): start and end of the head, the tail, and what lies between."""
        rows = [
            (h.start, h.end, t.start, t.end, min(h.end, t.end), max(h.start, t.start))
            for h, t in zip(self.heads, self.tails, strict=True)
        ]
        array = np.array(rows, dtype=np.int64).reshape(len(rows), 6)
        array[:, 5] = np.maximum(array[:, 4], array[:, 5])
        return array


def propose(
    doc: Doc, entities: Iterable[Span], signatures: Iterable[Signature], *, window: int, across_sentences: bool = False
) -> Candidates:
    """Propose the pairs of entities that a relation may join.

    Both lie in one sentence, unless told otherwise, and have labels that some signature joins. The number of pairs is
    linear in the number of entities: no pair has more than `window` entities between its members.

    Args:
        doc: The document.
        entities: Spans of it, gold or predicted.
        signatures: What may be joined.
        window: Entities that may lie between head and tail.
        across_sentences: Whether the two may lie in different sentences.
    """
    allowed = {(head, tail) for head, tail, _ in signatures}
    text = doc.text
    index = SentenceIndex("" if across_sentences else text)
    sentences: dict[int, list[Span]] = {}
    for entity in sorted(entities, key=lambda span: span.start):
        sentences.setdefault(0 if across_sentences else index.find(entity.start_char), []).append(entity)
    heads, tails, features, numbers = [], [], [], []
    n_entities = 0
    for members in sentences.values():
        sentence = _Sentence(text, members)
        labels = sentence.labels
        for i, head in enumerate(members):
            for j in range(max(0, i - window - 1), min(len(members), i + window + 2)):
                if i != j and (labels[i], labels[j]) in allowed:
                    heads.append(head)
                    tails.append(members[j])
                    features.append(sentence.describe(i, j))
                    numbers.append((n_entities + i, n_entities + j))
        n_entities += len(members)
    array = np.array(features, dtype=np.uint64).reshape(len(features), N_FEATURES)
    pairs = np.array(numbers, dtype=np.int64).reshape(len(numbers), 2)
    return Candidates(doc, heads, tails, array, pairs, n_entities)


class CandidateRule:
    """Tell whether `propose` would propose a pair of a document's entities, without proposing them all.

    Args:
        signatures: What may be joined.
        window: Entities that may lie between head and tail.
        across_sentences: Whether the two may lie in different sentences.
    """

    def __init__(self, signatures: Iterable[Signature], *, window: int, across_sentences: bool = False) -> None:
        self._across = across_sentences
        self._allowed = {(head, tail) for head, tail, _ in signatures}
        self._window = window
        self._document: Document | None = None
        self._sentences = SentenceIndex("")
        self._starts: list[int] = []

    def __call__(self, document: Document, head: Entity, tail: Entity) -> bool:
        """Whether head and tail, two entities of the document, are a candidate pair."""
        if (head.label, tail.label) not in self._allowed or head == tail:
            return False
        if document is not self._document:  # asked document by document
            self._document = document
            self._sentences = SentenceIndex(document.text)
            self._starts = [entity.start for entity in document.entities]
        first, second = sorted((head.start, tail.start))
        between = bisect_left(self._starts, second) - bisect_right(self._starts, first)
        return between <= self._window and (self._across or self._sentences.find(first) == self._sentences.find(second))


class _Sentence:
    """The entities of one sentence, with what their pairs' features are made of."""

    def __init__(self, text: str, members: Sequence[Span]) -> None:
        self.text = text
        self.labels = [entity.label_ for entity in members]
        self.offsets = [(entity.start_char, entity.end_char) for entity in members]
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for position, label in enumerate(self.labels):
            self.first.setdefault(label, position)
            self.last[label] = position

    def describe(self, i: int, j: int) -> list[int]:
        """The features of the pair of head i and tail j, each with the two labels, hashed."""
        text, labels = self.text, self.labels
        first, second = min(i, j), max(i, j)
        (left_start, left_end), (right_start, right_end) = self.offsets[first], self.offsets[second]
        (head_start, head_end), (tail_start, tail_end) = self.offsets[i], self.offsets[j]
        between = text[left_end:right_start]
        inside = labels[first + 1 : second]
        head, tail = labels[i], labels[j]
        distance = sum(len(between) >= bound for bound in _DISTANCES)
        # Far members of a list (新增床位50张，学位200个) are told by the text at both ends, not by all between.
        after_left = _ends(text[left_end : self.offsets[first + 1][0]])
        before_right = _ends(text[self.offsets[second - 1][1] : right_start])
        cues = "".join(cue for cue in _CUES if cue in between)
        others = (
            self.first[head] < first,
            self.first[tail] < first,
            self.last[head] > second,
            self.last[tail] > second,
        )
        values = (
            "",
            f"{distance}",
            f"{min(len(inside), 9)}",
            f"{min(inside.count(head), 3)} {min(inside.count(tail), 9)}",
            _ends(between),
            cues,
            f"{between[-2:]}|{text[right_end : right_end + 2]}",
            f"{text[max(0, left_start - 2) : left_start]}|{between[:2]}",
            text[max(head_start, head_end - 2) : head_end],
            f"{text[tail_start : tail_start + 1]} {text[max(tail_start, tail_end - 2) : tail_end]}",
            f"{others} {' '.join(inside[-2:])}",
            f"{after_left} {labels[first + 1]}",
            f"{before_right} {labels[second - 1]}",
            f"{sorted(set(inside))}",
            f"{min(between.count('，'), 6)} {min(between.count('；'), 2)}",
            f"{'；' in between} {self.first[head] == i} {self.last[head] == i} {self.first[head] == self.last[head]}",
        )
        prefix = f"{head}{'<' if i < j else '>'}{tail}"
        return [hash_string(f"{number}{prefix}{value}") for number, value in enumerate(values)]


def _ends(text: str) -> str:
    return text if len(text) <= 4 else f"{text[:2]}…{text[-2:]}"

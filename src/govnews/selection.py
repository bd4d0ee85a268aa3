"""Choose what to annotate next: where models are unsure, texts unlike each other, and rare labels not forgotten."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from govnews.corpus.variety import mask_numbers
from govnews.errors import GovnewsError
from govnews.extract.inputs import Input, Options, read_items
from govnews.pipeline import cut_pieces
from govnews.records import Document
from govnews.sentences import sentence_spans
from govnews.uncertainty import Opinion

Unit = Literal["paragraph", "sentence"]

LONGEST = 300
"""Paragraphs of more characters are cut where a sentence ends."""

SHORTEST = 10
"""Texts of fewer characters are left out."""

QUOTA = 0.1
"""The share of a batch that holds each label, by default."""

_OVERHEAD = 20  # characters: reading a text at all takes as long as so many of it
_SHOWN = 3
_FEATURES = 2**18


@dataclass(frozen=True, slots=True)
class Choice:
    """A text to annotate, and why.

    Args:
        document: Pre-annotated.
        doubt: Bits a character, about.
        likeness: To the text chosen before it that is most like it, between 0 and 1.
        quota: The label it was taken for; None where it was taken for its doubt.
        places: The most doubtful parts of it with their bits.
    """

    document: Document
    doubt: float
    likeness: float
    quota: str | None
    places: tuple[tuple[str, float], ...]

    @property
    def why(self) -> str:
        """The reasons, in words."""
        parts = [f"doubt {self.doubt:.3f} bits a character", *(f"{text} {bits:.1f}" for text, bits in self.places)]
        reason = "; ".join([*parts, f"likeness to those before {self.likeness:.2f}"])
        return f"quota of {self.quota}; {reason}" if self.quota else reason

    def to_document(self) -> Document:
        """The document with the reasons in its metadata, as `why`."""
        return replace(self.document, meta={**self.document.meta, "why": " ".join(self.why.split())})


def read_pool(
    inputs: Sequence[Input],
    options: Options,
    *,
    unit: Unit = "paragraph",
    known: Collection[str] = (),
    tell: Callable[[GovnewsError], None] = lambda error: None,
) -> Iterator[Document]:
    """Read texts of files in units, each text once.

    Args:
        inputs: As `extract.find_inputs` gives them.
        options: How to read.
        unit: What to cut documents into.
        known: Texts to leave out, such as those that are annotated already.
        tell: Called with what cannot be read.
    """
    seen = {text.strip() for text in known}
    for item in read_items(list(inputs), options):
        if isinstance(item.found, GovnewsError):
            tell(item.found)
            continue
        source = item.found
        name = source.path if source.document.id == source.path else f"{source.path}#{source.document.id}"
        for part in cut_units(replace(source.document, id=name, entities=(), relations=()), unit):
            if part.text not in seen:
                seen.add(part.text)
                yield part


def cut_units(document: Document, unit: Unit = "paragraph") -> Iterator[Document]:
    """Cut a document into paragraphs or sentences without white space around them, named `id:offset`.

    >>> document = Document("a", "雨湖区新增学位3700余个。今年增长。湘潭市雨湖区增长5%。")
    >>> [(part.id, part.text) for part in cut_units(document, "sentence")]
    [('a:0', '雨湖区新增学位3700余个。'), ('a:19', '湘潭市雨湖区增长5%。')]
    """
    whole = replace(document, sections=())
    paragraph_start = 0
    for paragraph in document.text.split("\n"):
        spans = sentence_spans(paragraph) if unit == "sentence" else cut_pieces(paragraph, LONGEST)
        for low, high in spans:
            piece = paragraph[low:high]
            start = paragraph_start + low + len(piece) - len(piece.lstrip())
            end = paragraph_start + low + len(piece.rstrip())
            if end - start >= SHORTEST:
                yield whole.cut(start, end, id=f"{document.id}:{start}")
        paragraph_start += len(paragraph) + 1


def texts_of(documents: Iterable[Document], unit: Unit) -> set[str]:
    """The texts of annotated documents in units, which need no annotating again."""
    return {part.text for document in documents for part in cut_units(document, unit)}


def choose(opinions: Sequence[Opinion], size: int, *, quota: float = QUOTA, seed: int = 0) -> list[Choice]:
    """Choose a batch, one text after the other.

    Each time the text with the largest `doubt * (1 - likeness)` is taken, so that a copy of what was taken is worth
    nothing. Before that each label that the models find anywhere, the rarest first, gets its quota of the batch, as far
    as there are texts with it. Work is linear in the pool for each text that is chosen; so is memory.

    Args:
        opinions: What models think of the texts of the pool.
        size: How many to choose.
        quota: The share of the batch that holds each label of entities and relations; 0 for none.
        seed: Of the order in which texts of the same worth are taken.
    """
    if not opinions:
        return []
    order = np.random.default_rng(seed).permutation(len(opinions))
    batch = _Batch([opinions[number] for number in order])
    size = min(size, len(opinions))
    holders: dict[str, list[int]] = {}
    for number, opinion in enumerate(batch.opinions):
        for label in _labels(opinion.document):
            holders.setdefault(label, []).append(number)
    wanted = math.ceil(quota * size)
    for label, numbers in sorted(holders.items(), key=lambda item: (len(item[1]), item[0])):
        while len(batch.choices) < size and batch.count(numbers) < min(wanted, len(numbers)):
            batch.take(numbers, quota=label)
    while len(batch.choices) < size:
        batch.take()
    return batch.choices


class _Batch:
    """The texts chosen so far."""

    def __init__(self, opinions: list[Opinion]) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self.opinions = opinions
        self.choices: list[Choice] = []
        vectorizer = HashingVectorizer(
            analyzer="char", ngram_range=(2, 3), n_features=_FEATURES, alternate_sign=False, dtype=np.float32
        )
        self._vectors = vectorizer.transform(mask_numbers(opinion.document.text) for opinion in opinions)
        self._doubts = np.array([opinion.bits / (len(opinion.document.text) + _OVERHEAD) for opinion in opinions])
        self._likeness = np.zeros(len(opinions))
        self._free = np.ones(len(opinions), dtype=bool)

    def count(self, numbers: Sequence[int]) -> int:
        """How many of these are chosen."""
        return len(numbers) - int(self._free[numbers].sum())

    def take(self, numbers: Sequence[int] | None = None, *, quota: str | None = None) -> None:
        """Take the best text, of these or of all."""
        worth = np.where(self._free, self._doubts * (1 - self._likeness), -1.0)
        number = int(worth.argmax()) if numbers is None else numbers[int(worth[numbers].argmax())]
        opinion = self.opinions[number]
        text = opinion.document.text
        places = tuple((text[p.start : p.end], p.bits) for p in opinion.places[:_SHOWN])
        doubt, likeness = float(self._doubts[number]), float(self._likeness[number])
        self.choices.append(Choice(opinion.document, doubt, likeness, quota, places))
        self._free[number] = False
        like = self._vectors @ self._vectors[[number]].toarray()[0]
        self._likeness = np.clip(np.maximum(self._likeness, like), 0, 1)


def _labels(document: Document) -> set[str]:
    return {item.label for items in (document.entities, document.relations) for item in items}

"""How far two or more readings of the same documents agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import add
from pathlib import Path
from statistics import fmean
from typing import Any

from govnews.errors import GovnewsError
from govnews.metrics.chance import Units, cohen_kappa, krippendorff_alpha
from govnews.metrics.labels import LabelScores, Pair, score_entities, score_relations
from govnews.metrics.scores import Score
from govnews.records import Document, index_documents

Aligned = tuple[Document, ...]
"""One document as each reading has it."""


@dataclass(frozen=True, slots=True)
class Chance:
    """Agreement on the label of each character, beyond what chance would give.

    Args:
        kappa: Cohen's, the mean over all pairs of readings.
        alpha: Krippendorff's.
    """

    kappa: float
    alpha: float

    def to_dict(self) -> dict[str, float]:
        """The figures as they stand in JSON."""
        return {"kappa": round(self.kappa, 4), "alpha": round(self.alpha, 4)}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of readings; where there are more than two, scores are those of all pairs together.

    Args:
        entities: Strict scores of the second reading against the first; F1 is symmetric.
        boundaries: The same where only the span counts: right is what the other has under any label.
        relations: The same as `entities` for relations, arguments strict.
        characters: Over the label of each character, `none` included.
        labels: For each label, over whether a character has it.
        pairs: Where there are more than two readings, each pair of them by their positions.
    """

    entities: LabelScores
    boundaries: LabelScores
    relations: LabelScores
    characters: Chance
    labels: dict[str, Chance]
    pairs: Mapping[tuple[int, int], Agreement] = field(default_factory=dict)

    @property
    def kappa(self) -> float:
        """Cohen's kappa over the label of each character, `none` included."""
        return self.characters.kappa

    @property
    def alpha(self) -> float:
        """Krippendorff's alpha over the same."""
        return self.characters.alpha

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain JSON values."""
        return {
            "entities": self.entities.to_dict(),
            "boundaries": self.boundaries.to_dict(),
            "relations": self.relations.to_dict(),
            **self.characters.to_dict(),
            "labels": {label: chance.to_dict() for label, chance in self.labels.items()},
            "pairs": [{"readings": list(pair), **each.to_dict()} for pair, each in self.pairs.items()],
        }


def name_readings(paths: Sequence[str | Path]) -> list[str]:
    """Short names that tell files apart: the last part of the stem, the stem, or the folder.

    >>> name_readings(["yuhu-2024.a.ann", "yuhu-2024.b.ann"])
    ['a', 'b']
    >>> name_readings(["li/report.ann", "wang/report.ann"])
    ['li', 'wang']
    """
    files = [Path(path) for path in paths]
    candidates = (
        [file.stem.rpartition(".")[2] for file in files],
        [file.stem for file in files],
        [file.parent.name for file in files],
    )
    for names in candidates:
        plain = [name.translate({ord(mark): "_" for mark in ",:："}) for name in names]
        if len(set(plain)) == len(files) and all(plain):
            return plain
    return [f"{number}" for number in range(1, len(files) + 1)]


def pair_documents(first: Iterable[Document], second: Iterable[Document]) -> list[Pair]:
    """Pair two readings by document id, with the errors of `align_readings`."""
    return [(a, b) for a, b in align_readings([first, second])]


def align_readings(readings: Sequence[Iterable[Document]]) -> list[Aligned]:
    """Put the documents of several readings side by side, by id and in the order of the first.

    Raises:
        GovnewsError: A document is not in all readings, or twice in one, or its text differs between them.
    """
    try:
        indices = [index_documents(reading) for reading in readings]
    except ValueError as error:
        raise GovnewsError(str(error), hint="Rename one of them.") from None
    for name in sorted(set().union(*indices)):
        having = [number for number, index in enumerate(indices) if name in index]
        if len(having) < len(indices):
            lacking = next(number for number in range(len(indices)) if number not in having)
            where = f"in the {_ordinal(having[0])} reading only" if len(having) == 1 else ""
            raise GovnewsError(
                f"document {name!r} is {where or f'not in the {_ordinal(lacking)} reading'}",
                hint="All readings need the same documents.",
            )
    aligned = [tuple(index[name] for index in indices) for name in indices[0]]
    for first, *others in aligned:
        for other in others:
            _check_text(first, other)
    return aligned


def _ordinal(number: int) -> str:
    return ("first", "second", "third")[number] if number < 3 else f"{number + 1}th"


def _check_text(document: Document, other: Document) -> None:
    if document.text == other.text:
        return
    texts = zip(document.text, other.text, strict=False)
    shorter = min(len(document.text), len(other.text))
    at = next((i for i, (a, b) in enumerate(texts) if a != b), shorter)
    raise GovnewsError(
        f"document {document.id!r}: the texts differ at character {at}: "
        f"{document.text[at : at + 10]!r} against {other.text[at : at + 10]!r}",
        hint="Annotate exactly the same text.",
    )


def measure_agreement(documents: Sequence[Aligned]) -> Agreement:
    """Measure how far readings agree; work is linear in the text, and in the number of pairs of readings.

    Args:
        documents: Each document as every reading has it: pairs, or more, all of one length.
    """
    units = _count_units(documents)
    labels = sorted({label for unit in units for label in unit if label})
    alphas = {label: krippendorff_alpha(_only(units, label)) for label in labels}
    if all(len(aligned) == 2 for aligned in documents):
        pairs: list[Pair] = [(first, second) for first, second in documents]
        return Agreement(
            score_entities(pairs),
            _score_boundaries(pairs),
            score_relations(pairs),
            Chance(cohen_kappa(units), krippendorff_alpha(units)),
            {label: Chance(cohen_kappa(_only(units, label)), alphas[label]) for label in labels},
        )
    each = {
        (a, b): measure_agreement([(aligned[a], aligned[b]) for aligned in documents])
        for a, b in combinations(range(len(documents[0])), 2)
    }
    found = list(each.values())
    return Agreement(
        reduce(add, (one.entities for one in found)),
        reduce(add, (one.boundaries for one in found)),
        reduce(add, (one.relations for one in found)),
        Chance(fmean(one.kappa for one in found), krippendorff_alpha(units)),
        # a pair that both never use the label says nothing about it
        {
            label: Chance(fmean(one.labels[label].kappa for one in found if label in one.labels), alphas[label])
            for label in labels
        },
        each,
    )


def character_labels(document: Document) -> list[str]:
    """The label of each code point of the text, empty where there is none."""
    labels = [""] * len(document.text)
    for entity in document.entities:
        labels[entity.start : entity.end] = [entity.label] * (entity.end - entity.start)
    return labels


def _count_units(documents: Iterable[Aligned]) -> Counter[tuple[str, ...]]:
    units: Counter[tuple[str, ...]] = Counter()
    for aligned in documents:
        units.update(zip(*map(character_labels, aligned), strict=True))
    return units


def _only(units: Units, label: str) -> Counter[tuple[bool, ...]]:
    """Whether each reading has one label or not."""
    counts: Counter[tuple[bool, ...]] = Counter()
    for unit, times in units.items():
        counts[tuple(own == label for own in unit)] += times
    return counts


def _score_boundaries(pairs: Iterable[Pair]) -> LabelScores:
    """A label's spans that the other has under any label, both ways: counts are twice as large, F1 is symmetric."""
    hits: Counter[str] = Counter()
    counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for pair in pairs:
        spans = [{(entity.start, entity.end) for entity in document.entities} for document in pair]
        for side, document in enumerate(pair):
            for entity in set(document.entities):
                counts[side][entity.label] += 2
                hits[entity.label] += (entity.start, entity.end) in spans[1 - side]
    labels = sorted(counts[0].keys() | counts[1].keys())
    return LabelScores({label: Score(hits[label], counts[1][label], counts[0][label]) for label in labels})

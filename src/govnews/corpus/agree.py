"""How far two annotators agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from govnews.errors import GovnewsError
from govnews.metrics.labels import LabelScores, Pair, score_entities, score_relations
from govnews.records import Document, index_documents


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two readings of the same documents.

    Args:
        entities: Strict scores of the second reading against the first; F1 is symmetric.
        relations: The same for relations, arguments strict.
        kappa: Cohen's kappa over the label of each character, `none` included.
    """

    entities: LabelScores
    relations: LabelScores
    kappa: float

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain JSON values."""
        return {
            "entities": self.entities.to_dict(),
            "relations": self.relations.to_dict(),
            "kappa": round(self.kappa, 4),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """What one reading has and the other has not: `first` or `second` is empty."""

    document: str
    offset: int
    first: str
    second: str


def pair_documents(first: Iterable[Document], second: Iterable[Document]) -> list[Pair]:
    """Pair two readings by document id.

    Raises:
        GovnewsError: A document is in one reading only, or twice in one, or its text differs between them.
    """
    try:
        left, right = index_documents(first), index_documents(second)
    except ValueError as error:
        raise GovnewsError(str(error), hint="Rename one of them.") from None
    for name in sorted(left.keys() ^ right.keys()):
        which = "first" if name in left else "second"
        raise GovnewsError(
            f"document {name!r} is in the {which} reading only", hint="Both readings need the same documents."
        )
    for name, document in left.items():
        if document.text != right[name].text:
            texts = zip(document.text, right[name].text, strict=False)
            shorter = min(len(document.text), len(right[name].text))
            at = next((i for i, (a, b) in enumerate(texts) if a != b), shorter)
            raise GovnewsError(
                f"document {name!r}: the texts differ at character {at}: "
                f"{document.text[at : at + 10]!r} against {right[name].text[at : at + 10]!r}",
                hint="Annotate exactly the same text.",
            )
    return [(document, right[name]) for name, document in left.items()]


def measure_agreement(pairs: list[Pair]) -> Agreement:
    """Measure how far two readings agree."""
    from sklearn.metrics import cohen_kappa_score

    first = [label for document, _ in pairs for label in character_labels(document)]
    second = [label for _, document in pairs for label in character_labels(document)]
    kappa = 1.0 if first == second else float(cohen_kappa_score(first, second))
    return Agreement(score_entities(pairs), score_relations(pairs), kappa)


def list_differences(pairs: list[Pair]) -> list[Difference]:
    """List the entities and relations that only one reading has, in the order of the text."""
    differences = []
    for first, second in pairs:
        for document, other, side in ((first, second, 0), (second, first, 1)):
            entities, relations = set(other.entities), set(other.relations)
            shown = [(e.start, f"{e.label} {document.surface(e)}") for e in document.entities if e not in entities]
            shown += [
                (
                    min(r.head.start, r.tail.start),
                    f"{document.surface(r.head)} {r.label} {document.surface(r.tail)}",
                )
                for r in document.relations
                if r not in relations
            ]
            for offset, what in shown:
                differences.append(Difference(document.id, offset, "" if side else what, what if side else ""))
    return sorted(differences, key=lambda d: (d.document, d.offset, d.second, d.first))


def character_labels(document: Document) -> list[str]:
    """The label of each code point of the text, empty where there is none."""
    labels = [""] * len(document.text)
    for entity in document.entities:
        labels[entity.start : entity.end] = [entity.label] * (entity.end - entity.start)
    return labels

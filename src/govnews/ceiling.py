"""How many gold entities and relations the tokens of a pipeline can carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govnews.convert import document_to_doc
from govnews.pipeline import cut_pieces
from govnews.records import Document, SentenceIndex

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What the tokens of a pipeline could carry at best.

    Args:
        entities: Gold entities that begin and end where tokens do.
        of_entities: All gold entities.
        relations: Gold relations between such entities within one sentence.
        of_relations: All gold relations.
    """

    entities: int = 0
    of_entities: int = 0
    relations: int = 0
    of_relations: int = 0

    def __add__(self, other: Ceiling) -> Ceiling:
        return Ceiling(
            self.entities + other.entities,
            self.of_entities + other.of_entities,
            self.relations + other.relations,
            self.of_relations + other.of_relations,
        )

    @property
    def entity_recall(self) -> float:
        """The recall no entity recogniser over these tokens can exceed."""
        return self.entities / self.of_entities if self.of_entities else 1.0

    @property
    def relation_recall(self) -> float:
        """The recall no relation extractor over these tokens can exceed."""
        return self.relations / self.of_relations if self.of_relations else 1.0

    def to_dict(self) -> dict[str, float | int]:
        """The figures as they stand in `metrics.json`."""
        return {
            "entity_recall": round(self.entity_recall, 4),
            "relation_recall": round(self.relation_recall, 4),
            "entities": self.entities,
            "of_entities": self.of_entities,
            "relations": self.relations,
            "of_relations": self.of_relations,
        }


def measure_ceiling(nlp: Language, documents: Iterable[Document]) -> Ceiling:
    """Measure how many gold entities and relations the tokens of a pipeline can carry."""
    ceiling = Ceiling()
    for document in documents:
        ceiling += Ceiling(of_entities=len(document.entities), of_relations=len(document.relations))
        for start, end in cut_pieces(document.text):  # what is annotated together, and spaCy's limit of length
            piece = document.cut(start, end)
            aligned = document_to_doc(piece, nlp)
            lost = set(aligned.lost_relations)
            sentences = SentenceIndex(piece.text)
            kept = sum(r not in lost and sentences.joins(r.head, r.tail) for r in piece.relations)
            ceiling += Ceiling(len(piece.entities) - len(aligned.lost), 0, kept, 0)
    return ceiling

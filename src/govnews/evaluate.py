"""Hold what a pipeline finds against gold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govnews.convert import doc_to_document, document_to_doc
from govnews.metrics.labels import LabelScores, score_entities, score_relations
from govnews.pipeline import annotate
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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of one pipeline on one gold corpus.

    Args:
        entities: Strict.
        relations: Strict, on predicted entities.
        relations_on_gold: Strict, with gold entities given; None for a pipeline without relations.
        ceiling: What the tokens could carry.
        documents: Number of documents, sections counted singly.
        characters: Their length together.
    """

    entities: LabelScores
    relations: LabelScores
    relations_on_gold: LabelScores | None
    ceiling: Ceiling
    documents: int
    characters: int

    def __add__(self, other: Evaluation) -> Evaluation:
        both = self.relations_on_gold and other.relations_on_gold
        return Evaluation(
            self.entities + other.entities,
            self.relations + other.relations,
            self.relations_on_gold + other.relations_on_gold  # type: ignore[operator]
            if both
            else None,
            self.ceiling + other.ceiling,
            self.documents + other.documents,
            self.characters + other.characters,
        )

    def to_dict(self) -> dict[str, Any]:
        """The scores as they stand in `metrics.json`."""
        return {
            "entities": self.entities.to_dict(),
            "relations": self.relations.to_dict(),
            "relations_on_gold": self.relations_on_gold.to_dict() if self.relations_on_gold else None,
            "ceiling": self.ceiling.to_dict(),
            "documents": self.documents,
            "characters": self.characters,
        }


def evaluate(nlp: Language, gold: Iterable[Document]) -> Evaluation:
    """Score a pipeline on gold documents: entities, relations, and what its tokens allow at best."""
    documents = list(gold)
    pairs = list(zip(documents, annotate(nlp, documents), strict=True))
    with_gold = None
    if nlp.has_pipe("relations"):
        with_gold = score_relations(list(zip(documents, relate_gold(nlp, documents), strict=True)))
    return Evaluation(
        score_entities(pairs),
        score_relations(pairs),
        with_gold,
        measure_ceiling(nlp, documents),
        len(documents),
        sum(len(document.text) for document in documents),
    )


def relate_gold(nlp: Language, documents: Sequence[Document]) -> list[Document]:
    """Run the relation component on gold entities instead of predicted ones."""
    docs = []
    for document in documents:
        doc = nlp.make_doc(document.text)
        spans = [doc.char_span(e.start, e.end, label=e.label) for e in document.entities]
        doc.set_ents([span for span in spans if span is not None])
        docs.append(doc)
    for name, pipe in nlp.pipeline:
        if nlp.get_pipe_meta(name).factory not in {"ner", "beam_ner"}:
            docs = list(pipe.pipe(docs)) if hasattr(pipe, "pipe") else [pipe(doc) for doc in docs]
    return [doc_to_document(doc, document) for doc, document in zip(docs, documents, strict=True)]


def measure_ceiling(nlp: Language, documents: Iterable[Document]) -> Ceiling:
    """Measure how many gold entities and relations the tokens of a pipeline can carry."""
    ceiling = Ceiling()
    for document in documents:
        aligned = document_to_doc(document, nlp)
        sentences = SentenceIndex(document.text)
        kept = [
            relation
            for relation in document.relations
            if relation not in aligned.lost_relations and sentences.joins(relation.head, relation.tail)
        ]
        ceiling += Ceiling(
            len(document.entities) - len(aligned.lost),
            len(document.entities),
            len(kept),
            len(document.relations),
        )
    return ceiling

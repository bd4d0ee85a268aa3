"""Hold what a system finds against gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govnews.convert import doc_to_document, document_to_doc
from govnews.metrics.errors import list_relation_misses, score_relations_relaxed
from govnews.metrics.labels import LabelScores, Pair, score_entities, score_relations
from govnews.metrics.resample import Intervals, bootstrap, count_documents
from govnews.metrics.schemes import Schemes, score_schemes
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


@dataclass(frozen=True)
class Evaluation:
    """The scores of one system on one gold corpus; each is worked out when it is first asked for.

    Args:
        pairs: Each gold document and what the system found in it.
        pairs_on_gold: The same with gold entities given; None for a system without relations, or one
            that could not be asked.
        ceiling: What the system's tokens could carry; None where they are not known.
    """

    pairs: tuple[Pair, ...]
    pairs_on_gold: tuple[Pair, ...] | None = None
    ceiling: Ceiling | None = None

    def __add__(self, other: Evaluation) -> Evaluation:
        both = self.pairs_on_gold is not None and other.pairs_on_gold is not None
        return Evaluation(
            self.pairs + other.pairs,
            (self.pairs_on_gold or ()) + (other.pairs_on_gold or ()) if both else None,
            self.ceiling + other.ceiling if self.ceiling and other.ceiling else None,
        )

    @cached_property
    def entities(self) -> LabelScores:
        """Entities, strict."""
        return score_entities(self.pairs)

    @cached_property
    def schemes(self) -> Schemes:
        """Entities under the four SemEval schemes."""
        return score_schemes(self.pairs)

    @cached_property
    def relations(self) -> LabelScores:
        """Relations, strict, on predicted entities."""
        return score_relations(self.pairs)

    @cached_property
    def relations_relaxed(self) -> LabelScores:
        """Relations on predicted entities whose arguments need only overlap the gold's."""
        return score_relations_relaxed(self.pairs)

    @cached_property
    def relations_on_gold(self) -> LabelScores | None:
        """Relations, strict, with gold entities given."""
        return None if self.pairs_on_gold is None else score_relations(self.pairs_on_gold)

    @cached_property
    def relation_misses(self) -> Counter[str]:
        """Why gold relations were missed, and how often."""
        return Counter(miss.cause for miss in list_relation_misses(self.pairs))

    @cached_property
    def intervals(self) -> dict[str, Intervals]:
        """Document-level bootstrap intervals of entities and relations; none below two documents."""
        if len(self.pairs) < 2:
            return {}
        return {
            "entities": bootstrap(count_documents(self.pairs)),
            "relations": bootstrap(count_documents(self.pairs, score_relations)),
        }

    @property
    def documents(self) -> int:
        """Number of documents, sections counted singly."""
        return len(self.pairs)

    @property
    def characters(self) -> int:
        """Length of the documents together."""
        return sum(len(gold.text) for gold, _ in self.pairs)

    def to_dict(self) -> dict[str, Any]:
        """The scores as they stand in `metrics.json`."""
        return {
            "entities": self.entities.to_dict(),
            "schemes": self.schemes.to_dict(),
            "relations": self.relations.to_dict(),
            "relations_relaxed": self.relations_relaxed.to_dict(),
            "relations_on_gold": self.relations_on_gold.to_dict() if self.relations_on_gold else None,
            "relation_misses": dict(self.relation_misses),
            "intervals": {what: intervals.to_dict() for what, intervals in self.intervals.items()},
            "ceiling": self.ceiling.to_dict() if self.ceiling else None,
            "documents": self.documents,
            "characters": self.characters,
        }


def evaluate(nlp: Language, gold: Iterable[Document]) -> Evaluation:
    """Score a pipeline on gold documents: entities, relations, and what its tokens allow at best."""
    documents = list(gold)
    pairs = tuple(zip(documents, annotate(nlp, documents), strict=True))
    on_gold = None
    if nlp.has_pipe("relations"):
        on_gold = tuple(zip(documents, relate_gold(nlp, documents), strict=True))
    return Evaluation(pairs, on_gold, measure_ceiling(nlp, documents))


def relate_gold(nlp: Language, documents: Sequence[Document]) -> list[Document]:
    """Run the relation component on gold entities instead of predicted ones."""
    docs = [document_to_doc(replace(document, relations=()), nlp).doc for document in documents]
    for name, pipe in nlp.pipeline:
        if nlp.get_pipe_meta(name).factory not in {"ner", "beam_ner"}:
            docs = list(pipe.pipe(docs)) if hasattr(pipe, "pipe") else [pipe(doc) for doc in docs]
    return [doc_to_document(doc, document) for doc, document in zip(docs, documents, strict=True)]


def measure_ceiling(nlp: Language, documents: Iterable[Document]) -> Ceiling:
    """Measure how many gold entities and relations the tokens of a pipeline can carry."""
    ceiling = Ceiling()
    for document in documents:
        aligned = document_to_doc(document, nlp)
        lost = set(aligned.lost_relations)
        sentences = SentenceIndex(document.text)
        kept = [
            relation
            for relation in document.relations
            if relation not in lost and sentences.joins(relation.head, relation.tail)
        ]
        ceiling += Ceiling(
            len(document.entities) - len(aligned.lost),
            len(document.entities),
            len(kept),
            len(document.relations),
        )
    return ceiling

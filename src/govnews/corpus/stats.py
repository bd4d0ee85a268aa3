"""Describe a corpus in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from govnews.records import Document
from govnews.sentences import sentence_spans


@dataclass(slots=True)
class CorpusStats:
    """Counts over documents.

    Args:
        mentions: Different surface forms of each entity label.
        longest: Code points of the longest entity of each label.
    """

    documents: int = 0
    characters: int = 0
    sentences: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    longest: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain JSON values."""
        return {
            "documents": self.documents,
            "characters": self.characters,
            "sentences": self.sentences,
            "entities": dict(self.entities),
            "relations": dict(self.relations),
            "mentions": dict(self.mentions),
            "longest": self.longest,
        }


def describe(documents: Iterable[Document]) -> CorpusStats:
    """Count documents, characters, sentences, entities and relations."""
    stats = CorpusStats()
    surfaces: dict[str, set[str]] = {}
    for document in documents:
        stats.documents += 1
        stats.characters += len(document.text)
        stats.sentences += len(sentence_spans(document.text))
        stats.relations.update(relation.label for relation in document.relations)
        for entity in document.entities:
            surface = document.surface(entity)
            stats.entities[entity.label] += 1
            stats.longest[entity.label] = max(stats.longest.get(entity.label, 0), len(surface))
            surfaces.setdefault(entity.label, set()).add(surface)
    stats.mentions.update({label: len(forms) for label, forms in surfaces.items()})
    return stats

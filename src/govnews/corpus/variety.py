"""How varied a corpus is: what in it was seen before, against other text of the same length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from govnews.records import Document
from govnews.sentences import sentence_spans

_NUMBERS = re.compile(r"[0-9０-９]+(?:[.．,，][0-9０-９]+)*|[〇零一二两三四五六七八九十百千万亿]{2,}")
_CLAUSE_END = re.compile(r"[，。；：！？、\s]+")
_OPENING = 8


@dataclass(frozen=True, slots=True)
class Variety:
    """Shares between 0 and 1 over documents in their order, except for the counts.

    Args:
        documents: Number of documents.
        characters: Their length.
        different_trigrams: Different runs of three characters, a thousand characters of text.
        openings: Share of documents whose first characters no other has.
        clauses_seen: Share of clauses of six characters and more, numbers masked, that an earlier document held.
        sentences_seen: Share of sentences, numbers and entities masked, that an earlier document held; None without
            entities.
        mentions_seen: Share of entities whose text and label an earlier document held; None without entities.
    """

    documents: int
    characters: int
    different_trigrams: float
    openings: float
    clauses_seen: float
    sentences_seen: float | None
    mentions_seen: float | None

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain JSON values."""
        return asdict(self)


def measure_variety(documents: Iterable[Document], *, max_chars: int | None = None) -> Variety:
    """Measure how much of each document was seen in those before it.

    Longer texts repeat themselves more: compare texts of about the same length.

    Args:
        documents: Annotated, or without entities.
        max_chars: Read documents only up to this many characters in all.
    """
    documents = list(_take(documents, max_chars))
    trigrams: set[str] = set()
    openings: list[str] = []
    counters = {"clauses": _Seen(), "sentences": _Seen(), "mentions": _Seen()}
    for document in documents:
        text = document.text
        trigrams.update(text[i : i + 3] for i in range(len(text) - 2))
        openings.append(text[:_OPENING])
        clauses = (mask_numbers(clause) for clause in _CLAUSE_END.split(text))
        counters["clauses"].add(clause for clause in clauses if len(clause) >= 6)
        counters["sentences"].add(sentence_skeletons(document))
        counters["mentions"].add(f"{e.label} {document.surface(e)}" for e in document.entities)
    characters = sum(len(document.text) for document in documents)
    return Variety(
        len(documents),
        characters,
        1000 * len(trigrams) / max(1, characters),
        sum(count == 1 for count in Counter(openings).values()) / max(1, len(openings)),
        counters["clauses"].share or 0.0,
        counters["sentences"].share if any(document.entities for document in documents) else None,
        counters["mentions"].share,
    )


def take_evenly(documents: Sequence[Document], size: int) -> list[Document]:
    """The beginnings of documents that have the size together: as much of each, more of the long for the short.

    >>> [d.text for d in take_evenly([Document("a", "一"), Document("b", "一二三四")], 4)]
    ['一', '一二三']
    """
    lengths = sorted(len(document.text) for document in documents)
    left, share = size, 0
    for number, length in enumerate(lengths):
        share = -(-left // (len(lengths) - number))
        if length >= share:
            break
        left -= length
    return [document.cut(0, min(share, len(document.text))) for document in documents]


def mask_numbers(text: str) -> str:
    """Put one mark for each number.

    >>> mask_numbers("增长6.2%，两千三百万元")
    '增长#%，#元'
    """
    return _NUMBERS.sub("#", text)


def sentence_skeletons(document: Document) -> list[str]:
    """The sentences of a document with entities and numbers masked.

    >>> from govnews.records import Entity
    >>> sentence_skeletons(Document("a", "雨湖区有5家。", (Entity(0, 3, "ORG"),)))
    ['<ORG>有#家。']
    """
    skeletons = []
    for start, end in sentence_spans(document.text):
        sentence = document.cut(start, end)
        parts, at = [], 0
        for entity in sentence.entities:
            if entity.start >= at:
                parts += [mask_numbers(sentence.text[at : entity.start]), f"<{entity.label}>"]
                at = entity.end
        skeleton = "".join([*parts, mask_numbers(sentence.text[at:])]).strip()
        if skeleton:
            skeletons.append(skeleton)
    return skeletons


class _Seen:
    """Counts which items of a document were in earlier ones."""

    def __init__(self) -> None:
        self.total = self.repeated = 0
        self._known: set[str] = set()

    def add(self, items: Iterable[str]) -> None:
        own = list(items)
        self.total += len(own)
        self.repeated += sum(item in self._known for item in own)
        self._known.update(own)

    @property
    def share(self) -> float | None:
        return self.repeated / self.total if self.total else None


def _take(documents: Iterable[Document], max_chars: int | None) -> Iterable[Document]:
    left = max_chars
    for document in documents:
        if left is None:
            yield document
        elif left > 0:
            yield document.cut(0, min(left, len(document.text)))
            left -= len(document.text)

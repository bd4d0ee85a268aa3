"""Vary annotated text while a pipeline trains: other names, other figures, other punctuation."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from spacy.training import Example

from govnews.convert import doc_to_document, document_to_doc
from govnews.records import Document, Entity

if TYPE_CHECKING:
    from spacy.language import Language

SWAPPED = ("ORG", "PROGRAM", "DATE")
"""Labels whose mentions are put in each other's place."""

PUNCTUATION = (
    str.maketrans("“”", '""'),
    str.maketrans("“”", "「」"),
    str.maketrans("，；：（）％", ",;:()%"),
)
"""What texts of other origin write instead; each character for one."""

MAX_MENTIONS = 5_000


def make_augmenter(
    level: float, swap: float, figures: float, punctuation: float, seed: int = 0
) -> Callable[[Language, Example], Iterator[Example]]:
    """Make an augmenter for `[corpora.train.augmenter]` or `[training]`.

    Names come from the examples seen so far, so there is no list to keep. Offsets and relations stay exact.

    Args:
        level: Share of the examples that are varied; each stays as it is too.
        swap: Share of ORG, PROGRAM and DATE mentions replaced by others of their label.
        figures: Share of METRIC whose digits are replaced by others.
        punctuation: Share of varied examples with other quotation marks or half-width punctuation.
        seed: The same seed gives the same variations.
    """
    rng = random.Random(seed)
    mentions: dict[str, list[str]] = defaultdict(list)

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        yield example
        gold = doc_to_document(example.reference, Document("", ""))
        for entity in gold.entities:
            known = mentions[entity.label]
            if entity.label in SWAPPED and len(known) < MAX_MENTIONS:
                known.append(gold.surface(entity))
        if rng.random() < level:
            varied = vary(gold, mentions, rng, swap=swap, figures=figures, punctuation=punctuation)
            aligned = document_to_doc(varied, nlp)
            yield Example(nlp.make_doc(varied.text), aligned.doc)

    return augment


def vary(
    document: Document,
    mentions: Mapping[str, list[str]],
    rng: random.Random,
    *,
    swap: float,
    figures: float,
    punctuation: float,
) -> Document:
    """Replace mentions and figures of a document and move all offsets along.

    Args:
        document: Its entities may not overlap.
        mentions: What may stand for a mention of each label.
        rng: Where chance comes from.
        swap: Share of the mentions replaced.
        figures: Share of METRIC with other digits.
        punctuation: Probability of another punctuation.
    """
    parts: list[str] = []
    moved: dict[Entity, Entity] = {}
    at = length = 0
    for entity in document.entities:
        surface = document.surface(entity)
        if mentions.get(entity.label) and rng.random() < swap:
            surface = rng.choice(mentions[entity.label])
        elif entity.label == "METRIC" and rng.random() < figures:
            surface = "".join(_other_digit(char, rng) for char in surface)
        before = document.text[at : entity.start]
        start = length + len(before)
        parts += [before, surface]
        at, length = entity.end, start + len(surface)
        moved[entity] = replace(entity, start=start, end=length)
    text = "".join([*parts, document.text[at:]])
    if rng.random() < punctuation:
        text = text.translate(rng.choice(PUNCTUATION))
    relations = (replace(r, head=moved[r.head], tail=moved[r.tail]) for r in document.relations)
    return replace(document, text=text, entities=tuple(moved.values()), relations=tuple(relations), sections=())


def _other_digit(char: str, rng: random.Random) -> str:
    if char in "123456789":
        return rng.choice("123456789")
    return rng.choice("0123456789") if char == "0" and rng.random() < 0.5 else char

"""How unsure pipelines are of what they find: one by its own probabilities, several by where they part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, tee
from typing import TYPE_CHECKING, Any

import numpy as np

from govnews.components.crf_component import CrfRecognizer
from govnews.convert import doc_to_document
from govnews.errors import ModelError
from govnews.pipeline import annotate
from govnews.records import Document, Entity, Relation

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 64
"""Texts that are judged at once."""

NOTICED = 0.2
"""Bits from which a character or item counts as a doubtful place."""

_Steps = tuple[np.ndarray, np.ndarray]
"""The probability of each move at each token, shape (tokens, moves), and of the one that was taken, shape (tokens,)."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A place that pipelines are unsure of.

    Args:
        start: First code point.
        end: One past the last.
        bits: How unsure, as entropy.
    """

    start: int
    end: int
    bits: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What pipelines think of a text.

    Args:
        document: The text with what was found in it; scores say how sure that is.
        bits: Entropy of all that had to be decided in it.
        places: The doubtful ones, the most doubtful first.
    """

    document: Document
    bits: float
    places: tuple[Doubtful, ...] = ()


def judge(pipelines: Sequence[Language], documents: Iterable[Document]) -> Iterator[Opinion]:
    """Annotate texts and say how unsure the pipelines are.

    One pipeline: the entropy of each step of its entity recogniser, which takes one step a token, given the steps
    before it, and of the scores of the relations it found. The beam of spaCy's `ner` would not do: the scores of one
    that was trained without a beam cannot be compared between parses. Several: the entropy of the share of them that
    find an entity, and of those that found both arguments, a relation. Costs about as much as running each once.

    Args:
        pipelines: One or more; several are worth most when trained with different seeds or on different parts.
        documents: Texts of a paragraph or so; their own annotation is not looked at.

    Raises:
        ModelError: One pipeline alone, without `crf_ner` or an entity recogniser of spaCy's.
    """
    if len(pipelines) == 1:
        yield from _judge_alone(pipelines[0], documents)
        return
    copies = tee(documents, len(pipelines))
    readings = [annotate(nlp, copy) for nlp, copy in zip(pipelines, copies, strict=True)]
    yield from map(judge_together, zip(*readings, strict=True))


def judge_together(readings: Sequence[Document]) -> Opinion:
    """What several annotations of one text say together: items that most have, and where they part.

    >>> half = [Document("a", "雨湖区", (Entity(0, 3, "ORG"),)), Document("a", "雨湖区")]
    >>> judge_together(half).bits
    1.0
    """
    count = len(readings)
    entities = Counter(entity for reading in readings for entity in set(reading.entities))
    relations = Counter(relation for reading in readings for relation in set(reading.relations))
    known = [set(reading.entities) for reading in readings]
    shares: dict[Entity | Relation, float] = {entity: times / count for entity, times in entities.items()}
    for relation, times in relations.items():
        shares[relation] = times / sum({relation.head, relation.tail} <= found for found in known)
    places = [Doubtful(*_reach(item), _entropy(share)) for item, share in shares.items()]
    kept = {entity for entity in entities if shares[entity] > 0.5}
    document = replace(
        readings[0],
        entities=tuple(replace(entity, score=round(shares[entity], 4)) for entity in kept),
        relations=tuple(
            replace(relation, score=round(shares[relation], 4))
            for relation in relations
            if shares[relation] > 0.5 and {relation.head, relation.tail} <= kept
        ),
    )
    return Opinion(document, sum(place.bits for place in places), _most_doubtful(places))


def _judge_alone(nlp: Language, documents: Iterable[Document]) -> Iterator[Opinion]:
    pipes: list[Any] = [pipe for _, pipe in nlp.pipeline]
    ner = next((pipe for pipe in pipes if isinstance(pipe, CrfRecognizer) or hasattr(pipe, "transition_states")), None)
    if ner is None:
        raise ModelError(
            "has no entity recogniser that tells how sure it is",
            path=str(nlp.meta.get("name") or "pipeline"),
            hint="Pass several pipelines with --model: where they part is told for any.",
        )
    recognise = _recognise_jointly if isinstance(ner, CrfRecognizer) else _recognise
    stream = iter(documents)
    while batch := list(islice(stream, BATCH)):
        docs = [nlp.make_doc(document.text) for document in batch]
        steps: list[_Steps] = []
        for pipe in pipes:
            if pipe is ner:
                steps = recognise(ner, docs)
            else:
                docs = list(pipe.pipe(docs, batch_size=BATCH)) if hasattr(pipe, "pipe") else [pipe(doc) for doc in docs]
        for doc, document, (chances, taken) in zip(docs, batch, steps, strict=True):
            yield _form_opinion(doc, document, chances, taken)


def _recognise_jointly(ner: CrfRecognizer, docs: list[Doc]) -> list[_Steps]:
    judged = ner.judge(docs)
    ner.set_annotations(docs, [tags for tags, _ in judged])
    return [(chances, chances[np.arange(len(tags)), tags]) for tags, chances in judged]


def _recognise(ner: Any, docs: list[Doc]) -> list[_Steps]:
    states = ner.moves.init_batch(docs)
    rows: list[list[np.ndarray]] = [[] for _ in docs]
    model = ner.model.predict(docs)
    active = [number for number, state in enumerate(states) if not state.is_final()]
    while active:
        scores = np.asarray(model.predict([states[number] for number in active]))
        for number, row in zip(active, scores.copy(), strict=True):
            rows[number].append(row)
        ner.transition_states([states[number] for number in active], scores)
        active = [number for number in active if not states[number].is_final()]
    ner.set_annotations(docs, states)
    moves = [ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)]
    steps = []
    for doc, own in zip(docs, rows, strict=True):
        tags = [(token.ent_iob_ == "I", token.ent_type_) for token in doc]
        chances = step_chances(np.array(own).reshape(len(own), len(moves)), tags, moves)
        steps.append((chances, chances.max(axis=1, initial=0)))  # it takes the best move
    return steps


def _form_opinion(doc: Doc, document: Document, chances: np.ndarray, taken: np.ndarray) -> Opinion:
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -np.nansum(chances * np.log2(chances), axis=1)
    found = doc_to_document(doc, document)
    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    scored = {
        e: replace(e, score=round(float(np.prod(taken[starts[e.start] : ends[e.end]])), 4)) for e in found.entities
    }
    places = [
        *_runs(doc, bits),
        *(Doubtful(*_reach(r), _entropy(r.score)) for r in found.relations if r.score is not None),
    ]
    relations = tuple(replace(r, head=scored[r.head], tail=scored[r.tail]) for r in found.relations)
    total = float(bits.sum()) + sum(_entropy(r.score) for r in relations if r.score is not None)
    return Opinion(replace(found, entities=tuple(scored.values()), relations=relations), total, _most_doubtful(places))


def step_chances(scores: np.ndarray, tags: Sequence[tuple[bool, str]], moves: Sequence[str]) -> np.ndarray:
    """The probability of each move at each step, among those that could be taken there.

    Args:
        scores: Shape (steps, moves).
        tags: For each step whether it goes on with an entity, and of which label.
        moves: Names of the moves, such as `B-ORG` and `O`.
    """
    inside = np.array([move[:1] in "IL" for move in moves])
    labels = np.array([move[2:] for move in moves])
    outside = np.array([move == "O" or (move[:1] in "BU" and move != "U-") for move in moves])  # U- blocks
    allowed = np.array([inside & (labels == label) if goes_on else outside for goes_on, label in tags])
    if not len(scores):
        return np.zeros((0, len(moves)))
    masked = np.where(allowed, scores, -np.inf)
    weights = np.exp(masked - masked.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _runs(doc: Doc, bits: np.ndarray) -> Iterator[Doubtful]:
    """Neighbouring tokens that are doubtful, as one place."""
    start = None
    for token in doc:
        if start is None and bits[token.i] >= NOTICED:
            start = token.i
        if start is not None and (token.i + 1 == len(doc) or bits[token.i + 1] < NOTICED):
            yield Doubtful(doc[start].idx, token.idx + len(token), float(bits[start : token.i + 1].sum()))
            start = None


def _reach(item: Entity | Relation) -> tuple[int, int]:
    if isinstance(item, Entity):
        return item.start, item.end
    return min(item.head.start, item.tail.start), max(item.head.end, item.tail.end)


def _most_doubtful(places: Iterable[Doubtful]) -> tuple[Doubtful, ...]:
    noticed = (place for place in places if place.bits >= NOTICED)
    return tuple(sorted(noticed, key=lambda place: (-place.bits, place.start, place.end)))


def _entropy(share: float) -> float:
    """Bits of a yes or no that is yes with this probability."""
    if not 0 < share < 1:
        return 0.0
    return float(-share * np.log2(share) - (1 - share) * np.log2(1 - share))

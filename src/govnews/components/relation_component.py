"""Find relations between the entities of a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d

from govnews.components.relation_candidates import CandidateRule, Candidates, Signature, propose
from govnews.components.relation_choice import Choices, find_choices
from govnews.components.relation_scorer import make_relation_scorer
from govnews.convert import SpanRelation, get_relations, register_extensions, set_relations
from govnews.errors import ModelError

_DEFAULT_CONFIG = """
[model]
@architectures = "govnews.RelationModel.v1"
hidden_width = 128
feature_width = 16
feature_rows = 2000
dropout = 0.2

[model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 2
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = false
"""


@Language.factory(
    "relations",
    assigns=["doc._.relations"],
    requires=["doc.ents"],
    default_config={
        "model": Config().from_str(_DEFAULT_CONFIG)["model"],
        "threshold": 0.5,
        "window": 40,
        "single_head": [],
        "single_tail": [],
        "exclusive": False,
        "across_sentences": False,
        "scorer": {"@scorers": "govnews.relation_scorer.v1"},
    },
    default_score_weights={"rel_f": 1.0, "rel_p": 0.0, "rel_r": 0.0, "rel_per_type": None},
)
def make_relation_extractor(
    nlp: Language,
    name: str,
    model: Model[list[Candidates], Floats2d],
    threshold: float,
    window: int,
    single_head: list[str],
    single_tail: list[str],
    exclusive: bool,
    across_sentences: bool,
    scorer: Callable[..., dict[str, Any]] | None,
) -> RelationExtractor:
    """Make a `RelationExtractor`.

    Args:
        nlp: The pipeline.
        name: Its name there.
        model: Scores candidate pairs.
        threshold: Pairs with a probability above it are related.
        window: Entities that may lie between head and tail.
        single_head: Labels under which a tail has one head at most: heads then compete for it.
        single_tail: Labels under which a head has one tail at most: tails then compete for it.
        exclusive: Whether a pair has one label at most; labels then compete for it, and heads and tails do not.
        across_sentences: Whether head and tail may stand in different sentences.
        scorer: Scores the component while it trains.
    """
    return RelationExtractor(
        nlp.vocab,
        model,
        name,
        threshold=threshold,
        window=window,
        single_head=single_head,
        single_tail=single_tail,
        exclusive=exclusive,
        across_sentences=across_sentences,
        scorer=scorer,
    )


class RelationExtractor(TrainablePipe):  # type: ignore[misc]
    """Relate the entities of each sentence; what it finds is in `doc._.relations`.

    Labels, and the entity labels each may join, are read from the training data. Training uses the
    gold entities and, where another component has set some (`training.annotating_components`), the
    predicted ones; the truth of a pair is looked up for the very pairs that are scored.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[list[Candidates], Floats2d],
        name: str = "relations",
        *,
        threshold: float = 0.5,
        window: int = 40,
        single_head: Iterable[str] = (),
        single_tail: Iterable[str] = (),
        exclusive: bool = False,
        across_sentences: bool = False,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        if both := sorted(set(single_head) & set(single_tail)):
            raise ModelError(
                f"the label {both[0]!r} is in both single_head and single_tail",
                hint="A choice is among heads or among tails: take it out of one.",
            )
        self.vocab = vocab
        self.model = model
        self.name = name
        self.cfg: dict[str, Any] = {
            "labels": [],
            "signatures": [],
            "single_head": list(single_head),
            "single_tail": list(single_tail),
            "exclusive": exclusive,
            "across_sentences": across_sentences,
            "threshold": threshold,
            "window": window,
        }
        self.scorer = scorer or make_relation_scorer()
        register_extensions()

    @property
    def labels(self) -> tuple[str, ...]:
        """Relation labels, in the order of the model's outputs."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[list[str]]:
        """The signatures: head label, tail label, relation label."""
        return [list(signature) for signature in self.signatures]

    @property
    def signatures(self) -> list[Signature]:
        """What may be joined, as read from the data."""
        return [(head, tail, label) for head, tail, label in self.cfg["signatures"]]

    @property
    def considers(self) -> CandidateRule:
        """Tells of a document's entities whether a pair of them is a candidate."""
        return CandidateRule(self.signatures, window=self.cfg["window"], across_sentences=self.cfg["across_sentences"])

    def add_label(self, label: str) -> int:
        """Labels come from the data and are fixed with it."""
        raise ModelError(
            f"the label {label!r} cannot be added to {self.name!r} after it was initialised",
            hint="Annotate relations with it and train: labels are read from the data.",
        )

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[list[str]] | None = None,
    ) -> None:
        """Read the labels from the data and set the model's dimensions.

        Args:
            get_examples: Examples whose references hold entities and relations.
            nlp: The pipeline.
            labels: Signatures to use instead of those in the data.

        Raises:
            ModelError: There is no relation in the data.
        """
        validate_get_examples(get_examples, "RelationExtractor.initialize")
        examples = list(get_examples())
        relations = [relation for example in examples for relation in get_relations(example.reference)]
        seen = {(r.head.label_, r.tail.label_, r.label) for r in relations}
        signatures = sorted({(h, t, label) for h, t, label in labels} if labels else seen)
        if not signatures:
            raise ModelError(
                "the training data holds no relation, so there is nothing to learn",
                hint="Annotate relations, or take `relations` out of nlp.pipeline in the config.",
            )
        self.cfg["signatures"] = [list(signature) for signature in signatures]
        self.cfg["labels"] = sorted({label for _, _, label in signatures})
        sample = [self._gold_candidates(example) for example in islice(examples, 10)]
        self.model.initialize(X=sample, Y=self.model.ops.alloc2f(1, len(self.labels)))

    def predict(self, docs: Iterable[Doc]) -> list[tuple[Candidates, Floats2d]]:
        """Score the candidate pairs of each document."""
        batch = [self._candidates(doc, doc.ents) for doc in docs]
        scored = any(len(candidates) for candidates in batch)
        scores = None
        if scored:
            logits = self.model.predict(batch)
            scores, _ = self._choices(batch).share(self.model.ops, logits, self._allowed(batch))
        results = []
        start = 0
        for candidates in batch:
            end = start + len(candidates)
            part = self.model.ops.alloc2f(0, len(self.labels)) if scores is None else scores[start:end]
            results.append((candidates, part))
            start = end
        return results

    def set_annotations(self, docs: Iterable[Doc], predictions: Iterable[tuple[Candidates, Floats2d]]) -> None:
        """Store the pairs whose probability is above the threshold in `doc._.relations`."""
        ops: Any = self.model.ops
        for doc, (candidates, scores) in zip(docs, predictions, strict=True):
            set_relations(doc, self._decode(candidates, ops.to_numpy(scores)))

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch: pairs of gold entities, and of predicted ones where there are any."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "RelationExtractor.update")
        batch = [self._training_candidates(example) for example in examples]
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update(batch)
        loss, gradient = self.get_loss(examples, (batch, scores))
        backprop(gradient)
        losses[self.name] += loss
        if sgd is not None:
            self.finish_update(sgd)
        return losses

    def get_loss(
        self, examples: Iterable[Example], scores: tuple[list[Candidates], Floats2d]
    ) -> tuple[float, Floats2d]:
        """Cross-entropy of the choices that the labels which each pair's signature allows are part of.

        It is a sum, as that of spaCy's entity recogniser is: a mean leaves an encoder that both share to that one.

        Args:
            examples: The batch.
            scores: Its candidates, and their logits, shape (pairs, labels).

        Returns:
            The loss, and its gradient with respect to the logits.
        """
        batch, logits = scores
        ops: Any = self.model.ops
        truth = [self._truth(example, candidates) for example, candidates in zip(examples, batch, strict=True)]
        choices, allowed = self._choices(batch), self._allowed(batch)
        found = choices.share(ops, logits, allowed)
        wanted = choices.wanted(ops, ops.asarray2f(np.concatenate(truth)) * allowed)
        loss = -sum(
            float((share * ops.xp.log(ops.xp.maximum(probability, 1e-9))).sum())
            for share, probability in zip(wanted, found, strict=True)
        )
        gradient = (found[0] - wanted[0]) * allowed
        return loss, gradient

    def _choices(self, batch: Iterable[Candidates]) -> Choices:
        options = {name: self.cfg[name] for name in ("single_head", "single_tail", "exclusive")}
        return find_choices(batch, self.labels, **options)

    def _allowed(self, batch: Iterable[Candidates]) -> Floats2d:
        """1 for each label that the signature of a pair allows, shape (pairs, labels)."""
        allowed = set(self.signatures)
        rows = [
            [(head.label_, tail.label_, label) in allowed for label in self.labels]
            for candidates in batch
            for head, tail in zip(candidates.heads, candidates.tails, strict=True)
        ]
        ops: Any = self.model.ops
        return ops.asarray2f(np.array(rows, dtype="f").reshape(len(rows), len(self.labels)))  # type: ignore[no-any-return]

    def _candidates(self, doc: Doc, entities: Iterable[Span]) -> Candidates:
        return propose(
            doc,
            entities,
            self.signatures,
            window=self.cfg["window"],
            across_sentences=self.cfg["across_sentences"],
        )

    def _gold_candidates(self, example: Example) -> Candidates:
        doc = example.predicted
        spans = (doc.char_span(e.start_char, e.end_char, label=e.label_) for e in example.reference.ents)
        return self._candidates(doc, [span for span in spans if span is not None])

    def _training_candidates(self, example: Example) -> Candidates:
        gold = self._gold_candidates(example)
        predicted = example.predicted.ents
        known = {_key(entity) for entity in example.reference.ents}
        if {_key(entity) for entity in predicted} == known or not predicted:
            return gold
        return gold + self._candidates(example.predicted, predicted)

    def _truth(self, example: Example, candidates: Candidates) -> np.ndarray:
        """1 for each label that a pair has in the gold, shape (pairs, labels)."""
        gold = {(_key(r.head), _key(r.tail), r.label) for r in get_relations(example.reference)}
        pairs = zip(candidates.heads, candidates.tails, strict=True)
        rows = [[(_key(head), _key(tail), label) in gold for label in self.labels] for head, tail in pairs]
        return np.array(rows, dtype="f").reshape(len(rows), len(self.labels))

    def _decode(self, candidates: Candidates, scores: np.ndarray) -> list[SpanRelation]:
        if self.cfg["exclusive"]:  # related or not is decided first, then how
            certainty = np.repeat(scores.sum(axis=1, keepdims=True), scores.shape[1], axis=1)
        else:
            certainty = scores
        rows, columns = np.nonzero(certainty > self.cfg["threshold"])
        choices = self._choices([candidates]).numbers
        taken: set[int] = set()
        found = []
        for row, column in sorted(zip(rows, columns, strict=True), key=lambda at: -scores[at]):
            if choices[row, column] not in taken:
                taken.add(choices[row, column])
                head, tail = candidates.heads[row], candidates.tails[row]
                found.append(SpanRelation(head, tail, self.labels[column], round(float(scores[row, column]), 4)))
        return sorted(found, key=lambda r: (r.head.start, r.tail.start, r.label))


def _key(span: Span) -> tuple[int, int, str]:
    return span.start_char, span.end_char, span.label_

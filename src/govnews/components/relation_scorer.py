"""Score relations while spaCy trains: strict, on character offsets, against all gold relations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from spacy.training import Example

from govnews.convert import doc_to_document
from govnews.metrics.labels import score_relations
from govnews.records import Document

Scorer = Callable[..., dict[str, Any]]


def make_relation_scorer() -> Scorer:
    """Make the scorer that configs name."""
    return score


def score(examples: Iterable[Example], **_: Any) -> dict[str, Any]:
    """Score predicted relations against the reference.

    Returns:
        `rel_p`, `rel_r`, `rel_f`, and `rel_per_type` with p, r and f of each label. None where the
        references hold no relation at all.
    """
    pairs = [
        (doc_to_document(example.reference, _EMPTY), doc_to_document(example.predicted, _EMPTY)) for example in examples
    ]
    scores = score_relations(pairs)
    if not any(gold.relations for gold, _ in pairs):
        return {"rel_p": None, "rel_r": None, "rel_f": None, "rel_per_type": None}
    micro = scores.micro
    return {
        "rel_p": micro.precision,
        "rel_r": micro.recall,
        "rel_f": micro.f1,
        "rel_per_type": {label: {"p": s.precision, "r": s.recall, "f": s.f1} for label, s in scores.per_label.items()},
    }


_EMPTY = Document("", "")

"""The simplest way to find relations, to compare others with: join what stands next to each other."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_get_examples

from govnews.components.relation_candidates import CandidateRule, Signature
from govnews.components.relation_scorer import make_relation_scorer
from govnews.convert import SpanRelation, get_relations, register_extensions, set_relations
from govnews.errors import ModelError
from govnews.records import SentenceIndex


@Language.factory(
    "nearest_relations",
    assigns=["doc._.relations"],
    requires=["doc.ents"],
    default_config={"scorer": {"@scorers": "govnews.relation_scorer.v1"}},
    default_score_weights={"rel_f": 1.0, "rel_p": 0.0, "rel_r": 0.0, "rel_per_type": None},
)
def make_nearest_relations(nlp: Language, name: str, scorer: Callable[..., dict[str, Any]] | None) -> NearestRelations:
    """Make a `NearestRelations`.

    Args:
        nlp: The pipeline.
        name: Its name there.
        scorer: Scores the component.
    """
    return NearestRelations(name, scorer=scorer)


class NearestRelations(Pipe):
    """Join each entity to the nearest one of its sentence that may be its head; no weights, no scores.

    Which labels may be joined, and under which relation label, is counted in the training data. A pair of
    entity labels always gets its most frequent relation label, the first in the alphabet of equally
    frequent ones. The nearest head has the fewest characters between; of two it is the one to the left.
    """

    def __init__(self, name: str = "nearest_relations", *, scorer: Callable[..., dict[str, Any]] | None = None) -> None:
        self.name = name
        self.scorer = scorer or make_relation_scorer()
        self._count({})
        register_extensions()

    @property
    def labels(self) -> tuple[str, ...]:
        """The relation labels it gives, each the most frequent one of some pair of entity labels."""
        return tuple(sorted(set(self._label_of.values())))

    @property
    def signatures(self) -> list[Signature]:
        """What is joined in the training data."""
        return sorted(self.counts)

    @property
    def considers(self) -> CandidateRule:
        """Tells of a document's entities whether a pair of them may be joined, if it is the nearest."""
        return CandidateRule(self.counts, window=sys.maxsize)

    def initialize(self, get_examples: Callable[[], Iterable[Example]], *, nlp: Language | None = None) -> None:
        """Count the relations of the data.

        Args:
            get_examples: Examples whose references hold entities and relations.
            nlp: The pipeline.

        Raises:
            ModelError: There is no relation in the data.
        """
        validate_get_examples(get_examples, "NearestRelations.initialize")
        counts = Counter(
            (relation.head.label_, relation.tail.label_, relation.label)
            for example in get_examples()
            for relation in get_relations(example.reference)
        )
        if not counts:
            raise ModelError(
                "the training data holds no relation, so there is nothing to learn",
                hint=f"Annotate relations, or take {self.name!r} out of nlp.pipeline in the config.",
            )
        self._count(counts)

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.relations`."""
        index = SentenceIndex(doc.text)
        found: list[SpanRelation] = []
        for _, members in groupby(doc.ents, key=lambda entity: index.find(entity.start_char)):
            for head, tail in nearest_heads(list(members), self._label_of):
                found.append(SpanRelation(head, tail, self._label_of[head.label_, tail.label_]))
        set_relations(doc, sorted(found, key=lambda r: (r.head.start, r.tail.start, r.label)))
        return doc

    def to_bytes(self, **kwargs: object) -> bytes:
        """What was counted, as JSON."""
        return json.dumps([[*signature, self.counts[signature]] for signature in self.signatures]).encode()

    def from_bytes(self, data: bytes, **kwargs: object) -> NearestRelations:
        """Take what `to_bytes` gave."""
        self._count({(head, tail, label): count for head, tail, label, count in json.loads(data)})
        return self

    def to_disk(self, path: str | Path, **kwargs: object) -> None:
        """Write what was counted into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "counts.json").write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, **kwargs: object) -> NearestRelations:
        """Read what `to_disk` wrote."""
        return self.from_bytes((Path(path) / "counts.json").read_bytes())

    def _count(self, counts: Mapping[Signature, int]) -> None:
        self.counts = dict(counts)
        self._label_of: dict[tuple[str, str], str] = {}
        for head, tail, label in sorted(self.counts, key=lambda signature: (-self.counts[signature], signature)):
            self._label_of.setdefault((head, tail), label)


def nearest_heads(members: Sequence[Span], pairs: Container[tuple[str, str]]) -> Iterator[tuple[Span, Span]]:
    """Find the nearest head of each entity that can be a tail, in time linear in the entities.

    Args:
        members: The entities of a sentence, in order and without overlap.
        pairs: Head label and tail label of what may be joined.

    Yields:
        Head and tail.
    """
    to_the_left = _last_heads(members, pairs)
    to_the_right = reversed(_last_heads(members[::-1], pairs))
    for tail, *sides in zip(members, to_the_left, to_the_right, strict=True):
        heads = [head for head in sides if head is not None]
        if heads:  # of equals, min() takes the first: the one to the left
            yield min(heads, key=lambda head: _distance(head, tail)), tail


def _last_heads(members: Iterable[Span], pairs: Container[tuple[str, str]]) -> list[Span | None]:
    """For each entity the last one met before it that may be its head."""
    last: dict[str, Span] = {}  # by label, the latest at the end
    heads = []
    for tail in members:
        heads.append(next((head for label, head in reversed(last.items()) if (label, tail.label_) in pairs), None))
        last.pop(tail.label_, None)
        last[tail.label_] = tail
    return heads


def _distance(first: Span, second: Span) -> int:
    """Characters between two entities."""
    return max(first.start_char, second.start_char) - min(first.end_char, second.end_char)

"""Hold what a system finds against gold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from govnews.ceiling import Ceiling
from govnews.errors import GovnewsError
from govnews.metrics.buckets import (
    Calibration,
    Mention,
    calibrate,
    score_by_density,
    score_by_distance,
    score_by_length,
    score_seen,
)
from govnews.metrics.errors import (
    EntityError,
    RelationMiss,
    count_confusion,
    list_entity_errors,
    list_relation_misses,
    score_relations_relaxed,
)
from govnews.metrics.facts import score_facts
from govnews.metrics.labels import LabelScores, Pair, score_entities, score_relations
from govnews.metrics.resample import Counts, Intervals, bootstrap, count_documents
from govnews.metrics.schemes import Schemes, score_schemes
from govnews.records import Entity

SCHEMA_VERSION = 1
"""Of `metrics.json`; goes up when a field changes its meaning or goes away."""

FIGURES = ("entities", "relations", "relations_relaxed", "relations_on_gold", "facts")
"""The headline figures: strict entities; relations on predicted entities, strict and with arguments that only
overlap; relations on gold entities; whole rows of facts."""


TRACKED = ("entities", "relations", "relations_on_gold")
"""The strict ones, which experiments follow over seeds and sizes."""


@dataclass(frozen=True)
class Evaluation:
    """The scores of one system on one gold corpus; each is worked out when it is first asked for.

    In a notebook it shows its headline table.

    Args:
        pairs: Each gold document and what the system found in it.
        pairs_on_gold: The same with gold entities given; None for a system without relations, or one
            that could not be asked.
        ceiling: What the system's tokens could carry; None where they are not known.
        mentions: The mentions the system was trained on; None where they are not known.
        unproposed: Gold relations (document id, head, tail) whose arguments the system found but which it
            never considered joining; empty where that is not known.
    """

    pairs: tuple[Pair, ...]
    pairs_on_gold: tuple[Pair, ...] | None = None
    ceiling: Ceiling | None = None
    mentions: frozenset[Mention] | None = None
    unproposed: frozenset[tuple[str, Entity, Entity]] = frozenset()

    def __add__(self, other: Evaluation) -> Evaluation:
        both = self.pairs_on_gold is not None and other.pairs_on_gold is not None
        return Evaluation(
            self.pairs + other.pairs,
            (self.pairs_on_gold or ()) + (other.pairs_on_gold or ()) if both else None,
            self.ceiling + other.ceiling if self.ceiling and other.ceiling else None,
            self.mentions if self.mentions == other.mentions else None,  # seen by one, unseen by the other
            self.unproposed | other.unproposed,
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
    def facts(self) -> LabelScores:
        """Whole rows of facts, by the kind of figure."""
        return score_facts(self.pairs)

    @property
    def figures(self) -> dict[str, LabelScores]:
        """The headline figures that this system has, by name."""
        scores = {name: getattr(self, name) for name in (FIGURES if self.relates else FIGURES[:1])}
        return {
            name: score
            for name, score in scores.items()
            if score is not None and (name != "facts" or score.per_label)  # text without figures has no facts
        }

    @property
    def relates(self) -> bool:
        """Whether the system is known to look for relations: a pipeline that can, or predictions that hold some."""
        return self.pairs_on_gold is not None or bool(self.relations.micro.predicted)

    def f1(self, name: str) -> float:
        """The F1 of a headline figure, or of one label of it as in `entities.ORG`.

        Raises:
            GovnewsError: There is no such figure or label.
        """
        figure, _, label = name.partition(".")
        if figure not in FIGURES:
            raise GovnewsError(f"no figure is called {figure!r}", hint=f"Figures are {', '.join(FIGURES)}.")
        scores = getattr(self, figure)
        if scores is None:
            raise GovnewsError(f"this system has no {figure}", hint="It takes a pipeline with a relation component.")
        if not label:
            return float(scores.micro.f1)
        if label not in scores.per_label:
            raise GovnewsError(
                f"neither gold nor prediction has a label {label!r} among the {figure}",
                hint=f"Labels are {', '.join(scores.per_label) or 'none'}.",
            )
        return float(scores.per_label[label].f1)

    @cached_property
    def entity_errors(self) -> list[EntityError]:
        """What is wrong with the entities, one by one."""
        return list_entity_errors(self.pairs)

    @cached_property
    def relation_misses(self) -> list[RelationMiss]:
        """The gold relations that were missed, each with its cause."""
        return list_relation_misses(
            self.pairs, proposed=lambda document, head, tail: (document.id, head, tail) not in self.unproposed
        )

    @cached_property
    def confusion(self) -> dict[str, dict[str, int]]:
        """Gold label to predicted label to count, `none` for a missed or spurious entity."""
        return count_confusion(self.pairs)

    @cached_property
    def buckets(self) -> dict[str, dict[str, LabelScores]]:
        """Strict scores by entity length, gold entities in the sentence, and distance of arguments."""
        return {
            "length": score_by_length(self.pairs),
            "density": score_by_density(self.pairs),
            "distance": score_by_distance(self.pairs),
        }

    @cached_property
    def seen(self) -> dict[str, LabelScores] | None:
        """Strict entity scores of mentions that training held and of new ones; None where it is not known."""
        return None if self.mentions is None else score_seen(self.pairs, self.mentions)

    @cached_property
    def calibration(self) -> dict[str, Calibration]:
        """How far the scores of entities and relations can be trusted, for those that carry scores."""
        found = {"entities": calibrate(self.pairs, "entities"), "relations": calibrate(self.pairs, "relations")}
        return {what: calibration for what, calibration in found.items() if calibration is not None}

    @cached_property
    def intervals(self) -> dict[str, Intervals]:
        """Document-level bootstrap intervals of the headline figures; none below two documents."""
        if len(self.pairs) < 2:
            return {}
        return {name: bootstrap(self.count(name)) for name in self.figures}

    def count(self, figure: str) -> Counts:
        """Hits, predictions and gold of each document, shape (documents, 3), for a headline figure."""
        scorers = {"entities": score_entities, "relations_relaxed": score_relations_relaxed, "facts": score_facts}
        pairs = self.pairs_on_gold or () if figure == "relations_on_gold" else self.pairs
        return count_documents(pairs, scorers.get(figure, score_relations))

    @property
    def documents(self) -> int:
        """Number of documents, sections counted singly."""
        return len(self.pairs)

    @property
    def characters(self) -> int:
        """Length of the documents together."""
        return sum(len(gold.text) for gold, _ in self.pairs)

    def to_dict(self, *, details: bool = True) -> dict[str, Any]:
        """The scores as they stand in `metrics.json`, whose shape `schemas/metrics.json` of this package states.

        Args:
            details: Also errors, confusion, buckets, seen and unseen mentions, and calibration.
        """
        data = {
            "schema_version": SCHEMA_VERSION,
            "documents": self.documents,
            "characters": self.characters,
            "entities": self.entities.to_dict(),
            "schemes": self.schemes.to_dict(),
            "relations": self.relations.to_dict(),
            "relations_relaxed": self.relations_relaxed.to_dict(),
            "relations_on_gold": self.relations_on_gold.to_dict() if self.relations_on_gold else None,
            "facts": self.facts.to_dict(),
            "relation_misses": dict(Counter(miss.cause for miss in self.relation_misses)),
            "intervals": {what: intervals.to_dict() for what, intervals in self.intervals.items()},
            "ceiling": self.ceiling.to_dict() if self.ceiling else None,
        }
        if details:
            data |= {
                "entity_errors": self.count_errors(),
                "confusion": self.confusion,
                "buckets": {what: _to_dicts(scores) for what, scores in self.buckets.items()},
                "seen": None if self.seen is None else _to_dicts(self.seen),
                "calibration": {what: calibration.to_dict() for what, calibration in self.calibration.items()},
            }
        return data

    def count_errors(self) -> dict[str, dict[str, int]]:
        """How often each kind of entity error occurs, by the gold label, or the predicted one where gold is lacking."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for error in self.entity_errors:
            entity = error.gold or error.predicted
            if entity is not None:
                counts[error.kind][entity.label] += 1
        return {kind: dict(labels) for kind, labels in counts.items()}

    def _repr_html_(self) -> str:
        rows = []
        for name, scores in self.figures.items():
            interval = self.intervals[name].f1 if name in self.intervals else None
            between = "" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}"
            for label, score in [(name.replace("_", " "), scores.micro), *scores.per_label.items()]:
                rates = "".join(f"<td>{value:.3f}</td>" for value in (score.precision, score.recall, score.f1))
                rows.append(f"<tr><th>{escape(label)}</th>{rates}<td>{between}</td><td>{score.gold}</td></tr>")
                between = ""
        return (
            f"<table><caption>{self.documents} documents, {self.characters} characters</caption>"
            "<tr><th></th><th>precision</th><th>recall</th><th>F1</th><th>95 % interval</th><th>gold</th></tr>"
            f"{''.join(rows)}</table>"
        )


def _to_dicts(scores: Mapping[str, LabelScores]) -> dict[str, Any]:
    return {name: score.to_dict() for name, score in scores.items()}

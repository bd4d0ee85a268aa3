"""Show what was found and how well, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from govnews.corpus.agree import Agreement, Difference
from govnews.corpus.stats import CorpusStats
from govnews.evaluate import Evaluation
from govnews.metrics.labels import LabelScores
from govnews.metrics.resample import Intervals, PermutationTest
from govnews.metrics.schemes import SCHEMES, Schemes
from govnews.metrics.scores import Score
from govnews.records import LABELS, SIGNATURES, Document

MAX_EXAMPLES = 3
COLOURS: dict[str, str] = {"ORG": "cyan", "METRIC": "green", "PROGRAM": "magenta", "DATE": "yellow"}


def highlight(document: Document) -> Text:
    """A document's text with its entities in colour."""
    text = Text(document.text)
    for entity in document.entities:
        text.stylize(f"bold {COLOURS.get(entity.label, 'red')}", entity.start, entity.end)
    return text


def legend() -> Text:
    """What the colours of `highlight` mean."""
    return Text("  ").join(Text(label, style=f"bold {colour}") for label, colour in COLOURS.items())


def relation_table(document: Document) -> Table:
    """The relations of one document, one a row."""
    table = Table("head", "relation", "tail", "score", title=f"Relations in {document.id}", title_justify="left")
    for relation in document.relations:
        score = "" if relation.score is None else f"{relation.score:.2f}"
        head, tail = (
            Text(document.surface(e), style=COLOURS.get(e.label, "red")) for e in (relation.head, relation.tail)
        )
        table.add_row(head, relation.label, tail, score)
    return table


@dataclass(slots=True)
class Found:
    """What was found in documents that need not stay in memory: counts, and a few examples of each label."""

    documents: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Count the entities and relations of a document."""
        self.documents += 1
        for entity in document.entities:
            self._count(entity.label, document.surface(entity))
        for relation in document.relations:
            self._count(relation.label, f"{document.surface(relation.head)} → {document.surface(relation.tail)}")

    def table(self) -> Table:
        """Counts and examples, one label a row."""
        table = Table("label", "found", "for example", title="Entities and relations found", title_justify="left")
        for label in _ordered(self.counts):
            table.add_row(label, str(self.counts[label]), Text("；".join(self.examples[label])))
        return table

    def _count(self, label: str, example: str) -> None:
        self.counts[label] += 1
        shown = self.examples.setdefault(label, {})
        if len(shown) < MAX_EXAMPLES:
            shown[example] = None


def evaluation_tables(evaluation: Evaluation, *, title: str) -> RenderableType:
    """Entity and relation scores per label, the four schemes, causes of misses, and the recall ceiling."""
    entities = evaluation.intervals.get("entities")
    relations = evaluation.intervals.get("relations")
    groups: list[RenderableType] = [
        _score_table("Entities, strict", evaluation.entities, entities),
        _scheme_table(evaluation.schemes),
    ]
    if evaluation.relations_on_gold is not None or evaluation.relations.micro.predicted:
        groups.append(_score_table("Relations, strict, on predicted entities", evaluation.relations, relations))
        relaxed = evaluation.relations_relaxed.micro
        causes = ", ".join(f"{cause} {count}" for cause, count in evaluation.relation_misses.most_common())
        groups.append(Text(f"Boundary-relaxed F1 {relaxed.f1:.3f}. Missed: {causes or 'none'}."))
    if evaluation.relations_on_gold is not None:
        groups.append(_score_table("Relations, strict, on gold entities", evaluation.relations_on_gold))
    if evaluation.ceiling is not None:
        ceiling = evaluation.ceiling
        groups.append(
            Text(
                f"Recall ceiling of the segmentation: entities {ceiling.entity_recall:.3f} "
                f"({ceiling.entities} of {ceiling.of_entities}), relations {ceiling.relation_recall:.3f} "
                f"({ceiling.relations} of {ceiling.of_relations})"
            )
        )
    heading = f"{title}: {evaluation.documents} documents, {evaluation.characters} characters"
    return Group(Text(heading, style="bold"), *groups)


def comparison_table(results: Mapping[str, Mapping[str, Any]]) -> Table:
    """The headline scores of several systems side by side.

    Args:
        results: By name, what `Evaluation.to_dict` or `crossval.summarize` gives.
    """
    table = Table(
        "system",
        "entities P",
        "R",
        "F1",
        "relations F1",
        "on gold entities",
        "recall ceiling",
        title_justify="left",
    )
    for name, result in results.items():
        if "pooled" in result:
            first = next(iter(result["pooled"].values()))
            summary = result["summary"]
            cells = [_mean(summary, what) for what in ("entities", "relations", "relations_on_gold")]
            seeds = result["pooled"].values()
            precision, recall = (
                f"{sum(seed['entities']['micro'][what] for seed in seeds) / len(seeds):.3f}"
                for what in ("precision", "recall")
            )
        else:
            first = result
            micro = result["entities"]["micro"]
            precision, recall = f"{micro['precision']:.3f}", f"{micro['recall']:.3f}"
            cells = [
                f"{result[what]['micro']['f1']:.3f}" if result.get(what) else "–"
                for what in ("entities", "relations", "relations_on_gold")
            ]
        if first["relations_on_gold"] is None and not first["relations"]["micro"]["predicted"]:
            cells[1] = "–"
        ceiling = first["ceiling"]
        table.add_row(name, precision, recall, *cells, f"{ceiling['entity_recall']:.3f}" if ceiling else "–")
    return table


def difference_table(
    names: tuple[str, str], systems: tuple[Evaluation, Evaluation], tests: Mapping[str, PermutationTest]
) -> Table:
    """Two systems side by side on the same documents, with what chance alone would do.

    Args:
        names: What to call them.
        systems: Their evaluations.
        tests: A permutation test of each figure, by `entities` and `relations`.
    """
    table = Table("F1", *names, "difference", "p", title="Two systems on the same documents", title_justify="left")
    for what, test in tests.items():
        cells = []
        for system in systems:
            f1 = getattr(system, what).micro.f1
            interval = system.intervals.get(what)
            cells.append(f"{f1:.3f}" + (f" ({interval.f1.low:.3f}–{interval.f1.high:.3f})" if interval else ""))
        table.add_row(what, *cells, f"{test.difference:+.3f}", f"{test.p_value:.4f}")
    return table


def agreement_tables(agreement: Agreement, differences: Sequence[Difference]) -> RenderableType:
    """Agreement per label, and each difference with its place."""
    parts: list[RenderableType] = [
        _score_table("Entities, second reading against first", agreement.entities),
        _score_table("Relations, second reading against first", agreement.relations),
        Text(f"Cohen's kappa over the label of each character: {agreement.kappa:.3f}"),
    ]
    if differences:
        table = Table("document", "offset", "first only", "second only", title="Differences", title_justify="left")
        for difference in differences:
            table.add_row(difference.document, str(difference.offset), Text(difference.first), Text(difference.second))
        parts.append(table)
    return Group(*parts)


def stats_table(parts: Mapping[str, CorpusStats]) -> Table:
    """Counts of parts of a corpus side by side."""
    table = Table("", *parts, title="Corpus", title_justify="left")
    rows = {
        name: [str(getattr(stats, name)) for stats in parts.values()]
        for name in ("documents", "characters", "sentences")
    }
    for label in _ordered({*LABELS, *(label for stats in parts.values() for label in stats.entities)}):
        rows[label] = [f"{s.entities[label]} ({s.mentions[label]} different)" for s in parts.values()]
    rows["entities"] = [str(s.entities.total()) for s in parts.values()]
    for label in _ordered({*SIGNATURES, *(label for stats in parts.values() for label in stats.relations)}):
        rows[label] = [str(s.relations[label]) for s in parts.values()]
    rows["relations"] = [str(s.relations.total()) for s in parts.values()]
    for name, cells in rows.items():
        table.add_row(name, *cells, style="bold" if name in {"entities", "relations"} else None)
    return table


def place_table(places: Mapping[str, str | Path]) -> Table:
    """Where things lie."""
    table = Table("what", "where", title="Where everything lies", title_justify="left")
    for what, path in places.items():
        table.add_row(what, Text(str(path)))
    return table


def _score_table(title: str, scores: LabelScores, intervals: Intervals | None = None) -> Table:
    table = Table("label", "precision", "recall", "F1", "right", "predicted", "gold", title=title, title_justify="left")
    for label in _ordered(scores.per_label):
        table.add_row(label, *_score_cells(scores.per_label[label]))
    table.add_row("micro", *_score_cells(scores.micro), style="bold")
    if intervals is not None:
        rates = (intervals.precision, intervals.recall, intervals.f1)
        cells = (f"{rate.low:.3f}–{rate.high:.3f}" for rate in rates)
        table.add_row(f"{intervals.confidence:.0%} interval", *cells, style="dim")
    return table


def _scheme_table(schemes: Schemes) -> Table:
    table = Table(
        "scheme", "precision", "recall", "F1", "correct", "incorrect", "partial", "missed", "spurious",
        title="Entities, SemEval schemes", title_justify="left",
    )  # fmt: skip
    for scheme in SCHEMES:
        counts = schemes[scheme].micro
        rates = (f"{value:.3f}" for value in (counts.score.precision, counts.score.recall, counts.score.f1))
        numbers = (counts.correct, counts.incorrect, counts.partial, counts.missed, counts.spurious)
        table.add_row(scheme, *rates, *map(str, numbers))
    return table


def _score_cells(score: Score) -> list[str]:
    rates = (f"{value:.3f}" for value in (score.precision, score.recall, score.f1))
    return [*rates, str(score.hits), str(score.predicted), str(score.gold)]


def _mean(summary: Mapping[str, Any], what: str) -> str:
    if what not in summary:
        return "–"
    spread = summary[what]["std_f1"]
    return f"{summary[what]['mean_f1']:.3f}" + ("" if spread is None else f" ± {spread:.3f}")


def _ordered(labels: Iterable[str]) -> list[str]:
    """Labels in the order of their definition, others after them."""
    order = {label: number for number, label in enumerate([*LABELS, *SIGNATURES])}
    return sorted(labels, key=lambda label: (order.get(label, len(order)), label))

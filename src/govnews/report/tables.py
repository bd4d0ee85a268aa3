"""Show scores on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from govnews.ablation import AblationRun
from govnews.benchmark import Benchmark, Run
from govnews.comparison import Comparison, Contrast
from govnews.curve import Curve
from govnews.evaluation import TRACKED, Evaluation
from govnews.metrics.buckets import Calibration
from govnews.metrics.errors import ERROR_KINDS
from govnews.metrics.labels import LabelScores
from govnews.metrics.resample import Intervals
from govnews.metrics.schemes import SCHEMES, Schemes
from govnews.metrics.scores import Score
from govnews.records import Entity
from govnews.report.documents import ordered
from govnews.speed import Speed


def evaluation_tables(evaluation: Evaluation, *, title: str) -> RenderableType:
    """Entity and relation scores per label, the four schemes, causes of misses, and the recall ceiling."""
    entities = evaluation.intervals.get("entities")
    relations = evaluation.intervals.get("relations")
    groups: list[RenderableType] = [
        score_table("Entities, strict", evaluation.entities, entities),
        _scheme_table(evaluation.schemes),
    ]
    if "relations" in evaluation.figures:
        groups.append(score_table("Relations, strict, on predicted entities", evaluation.relations, relations))
        relaxed = evaluation.relations_relaxed.micro
        misses = Counter(miss.cause for miss in evaluation.relation_misses)
        causes = ", ".join(f"{cause} {count}" for cause, count in misses.most_common())
        groups.append(Text(f"Boundary-relaxed F1 {relaxed.f1:.3f}. Missed: {causes or 'none'}."))
    if evaluation.relations_on_gold is not None:
        groups.append(score_table("Relations, strict, on gold entities", evaluation.relations_on_gold))
    if "facts" in evaluation.figures:
        groups.append(score_table("Facts, whole rows", evaluation.facts, evaluation.intervals.get("facts")))
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
            cells = [_mean(summary, what) for what in TRACKED]
            seeds = result["pooled"].values()
            precision, recall = (
                f"{sum(seed['entities']['micro'][what] for seed in seeds) / len(seeds):.3f}"
                for what in ("precision", "recall")
            )
        else:
            first = result
            micro = result["entities"]["micro"]
            precision, recall = f"{micro['precision']:.3f}", f"{micro['recall']:.3f}"
            cells = [f"{result[what]['micro']['f1']:.3f}" if result.get(what) else "–" for what in TRACKED]
        if first["relations_on_gold"] is None and not first["relations"]["micro"]["predicted"]:
            cells[1] = "–"
        ceiling = first["ceiling"]
        table.add_row(name, precision, recall, *cells, f"{ceiling['entity_recall']:.3f}" if ceiling else "–")
    return table


def detail_tables(evaluation: Evaluation) -> RenderableType:
    """Where a system goes wrong: kinds of errors, confusion, buckets, seen and unseen mentions, calibration."""
    parts: list[RenderableType] = [_error_table(evaluation), _confusion_table(evaluation.confusion)]
    buckets = {
        "Entities by length in characters": evaluation.buckets["length"],
        "Entities by number of gold entities in their sentence": evaluation.buckets["density"],
        "Relations by characters between the arguments": evaluation.buckets["distance"],
        "Entities by whether training held the mention": evaluation.seen or {},
    }
    parts += [_bucket_table(title, scores) for title, scores in buckets.items() if scores]
    parts += [_calibration_table(what, calibration) for what, calibration in evaluation.calibration.items()]
    return Group(*parts)


def difference_table(comparison: Comparison) -> Table:
    """The headline figures of two systems side by side on the same documents, with what chance alone would do."""
    table = Table(
        "F1", *map(escape, comparison.names), "difference", "p",
        title="Two systems on the same documents", title_justify="left",
    )  # fmt: skip
    for what, test in comparison.tests.items():
        cells = []
        for system in comparison.systems:
            interval = system.intervals.get(what)
            between = f" ({interval.f1.low:.3f}–{interval.f1.high:.3f})" if interval else ""
            cells.append(f"{system.f1(what):.3f}{between}")
        table.add_row(what, *cells, f"{test.difference:+.3f}", f"{test.p_value:.4f}")
    return table


def contrast_table(comparison: Comparison, *, examples: int = 5) -> RenderableType:
    """What only one of two systems has right: gold it alone found, and wrong predictions it alone was spared."""
    table = Table("only right in", "what", "entities", "relations", title="Where they part", title_justify="left")
    shown: list[RenderableType] = [table]
    for name, contrasts in zip(comparison.names, comparison.contrasts, strict=True):
        for kind, what in (("found", "gold found"), ("spared", "nothing wrong said")):
            chosen = [contrast for contrast in contrasts if contrast.kind == kind]
            entities = sum(isinstance(contrast.item, Entity) for contrast in chosen)
            table.add_row(Text(name), what, str(entities), str(len(chosen) - entities))
        found = [contrast for contrast in contrasts if contrast.kind == "found"][:examples]
        if found:
            title = Text(f"Only {name} found")
            cases = Table("document", "offset", "label", "found", title=title, title_justify="left")
            for contrast in found:
                cases.add_row(*_contrast_cells(contrast))
            shown.append(cases)
    return Group(*shown)


def _contrast_cells(contrast: Contrast) -> tuple[Text, ...]:
    item, document = contrast.item, contrast.document
    ends = (item,) if isinstance(item, Entity) else (item.head, item.tail)
    start = str(min(end.start for end in ends))
    return tuple(map(Text, (document.id, start, item.label, " → ".join(document.surface(end) for end in ends))))


def curve_tables(curve: Curve) -> RenderableType:
    """Mean scores at each size of the training text, and what more text is expected to bring."""
    table = Table("documents", "sentences", "characters", *(f"{what.replace('_', ' ')} F1" for what in TRACKED),
                  title="Learning curve, mean over the seeds", title_justify="left")  # fmt: skip
    for share in sorted({point.share for point in curve.points}):
        points = [point for point in curve.points if point.share == share]
        means = [f"{fmean(getattr(p, what) for p in points):.0f}" for what in ("documents", "sentences", "characters")]
        scores = [[value for p in points if (value := getattr(p, what)) is not None] for what in TRACKED]
        table.add_row(*means, *(_spread(values) for values in scores))
    lines = [
        f"{curve.more} more sentences: {what.replace('_', ' ')} F1 {forecast.now:.3f} -> {forecast.then:.3f} "
        f"({forecast.gain:+.3f}"
        + (f"; single seeds say {forecast.low:+.3f} to {forecast.high:+.3f})" if forecast.low is not None else ")")
        for what, forecast in curve.forecasts.items()
    ]
    return Group(table, *map(Text, lines or ["Too few sizes for a forecast: it takes four."]))


def benchmark_table(benchmarks: Sequence[Benchmark], runs: Sequence[Run]) -> Table:
    """What a config reached on each published set, mean over its seeds, with published systems below."""
    table = Table("set", "system", "scored on", "seeds", "precision", "recall", "F1",
                  title="Published sets, strict micro scores", title_justify="left")  # fmt: skip
    for benchmark in benchmarks:
        own = [run for run in runs if run.benchmark == benchmark.name]
        for config, part in dict.fromkeys((run.config, run.part) for run in own):
            scores = [run.score for run in own if (run.config, run.part) == (config, part)]
            figures = [_spread([getattr(s, what) for s in scores]) for what in ("precision", "recall", "f1")]
            table.add_row(benchmark.name, escape(config), part, str(len(scores)), *figures, style="bold")
        for system, f1 in benchmark.published.items():
            table.add_row("", escape(system), benchmark.test, "", "", "", f"{f1:.4f}", style="dim")
        table.add_section()
    return table


def ablation_table(runs: Sequence[AblationRun]) -> Table:
    """F1 of each variant on each text, mean over its seeds, with what its tokens allow and how fast it is."""
    trials = list(dict.fromkeys(run.trial for run in runs))
    table = Table("variant", "seeds", *map(escape, trials), "recall ceiling", "characters/s",
                  title="Entities, strict micro F1", title_justify="left")  # fmt: skip
    for variant in dict.fromkeys(run.variant for run in runs):
        own = [run for run in runs if run.variant == variant]
        scores = (_spread([run.f1 for run in own if run.trial == trial]) for trial in trials)
        ceiling, speed = (fmean(getattr(run, what) for run in own) for what in ("ceiling", "speed"))
        seeds = len({run.seed for run in own})
        table.add_row(escape(variant), str(seeds), *scores, f"{ceiling:.3f}", f"{speed:,.0f}")
    return table


def speed_table(speeds: Sequence[Speed]) -> Table:
    """What each pipeline costs, the first as the measure, and where its time goes."""
    table = Table("pipeline", "characters", "characters/s", "of the first", "load", "memory", "where time goes",
                  title="On one core", title_justify="left")  # fmt: skip
    for speed in speeds:
        first = next((one for one in speeds if one.size == speed.size), speed)
        total = sum(speed.seconds.values())
        shares = (f"{part} {seconds / total:.0%}" for part, seconds in speed.seconds.items() if seconds >= total / 100)
        table.add_row(
            escape(speed.model), f"{speed.size:,}", f"{speed.rate:,.0f}", f"{speed.rate / first.rate:.2f}",
            f"{speed.load_seconds:.1f} s", f"{speed.memory_mb:,.0f} MB", escape(", ".join(shares)),
        )  # fmt: skip
    return table


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "–"
    return f"{fmean(values):.3f}" + (f" ± {stdev(values):.3f}" if len(values) > 1 else "")


def score_table(title: str, scores: LabelScores, intervals: Intervals | None = None) -> Table:
    """Rates and counts per label and in all, with intervals where there are any."""
    table = Table("label", "precision", "recall", "F1", "right", "predicted", "gold", title=title, title_justify="left")
    for label in ordered(scores.per_label):
        table.add_row(Text(label), *_score_cells(scores.per_label[label]))
    table.add_row("micro", *_score_cells(scores.micro), style="bold")
    if intervals is not None:
        rates = (intervals.precision, intervals.recall, intervals.f1)
        cells = (f"{rate.low:.3f}–{rate.high:.3f}" for rate in rates)
        table.add_row(f"{intervals.confidence:.0%} interval", *cells, style="dim")
    return table


def _error_table(evaluation: Evaluation) -> Table:
    counts = evaluation.count_errors()
    labels = ordered({label for kind in counts.values() for label in kind})
    table = Table("entities", *map(escape, labels), "for example", title="Errors", title_justify="left")
    texts = {gold.id: gold for gold, _ in evaluation.pairs}
    for kind in ERROR_KINDS:
        if kind in counts:
            first = next(error for error in evaluation.entity_errors if error.kind == kind)
            sides = ((first.gold, "gold"), (first.predicted, "predicted"))
            shown = (f"{side} {e.label} {texts[first.document].surface(e)}" for e, side in sides if e is not None)
            table.add_row(kind, *(str(counts[kind].get(label, 0)) for label in labels), Text(", ".join(shown)))
    return table


def _confusion_table(confusion: Mapping[str, Mapping[str, int]]) -> Table:
    columns = ordered({label for row in confusion.values() for label in row})
    table = Table(
        "gold ↓ predicted →", *map(escape, columns), title="Confusion of labels, any boundaries", title_justify="left"
    )
    for row in ordered(confusion):
        table.add_row(Text(row), *(str(confusion[row].get(column, 0)) for column in columns))
    return table


def _bucket_table(title: str, buckets: Mapping[str, LabelScores]) -> Table:
    table = Table("", "precision", "recall", "F1", "right", "predicted", "gold", title=title, title_justify="left")
    for name, scores in buckets.items():
        table.add_row(Text(name), *_score_cells(scores.micro))
    return table


def _calibration_table(what: str, calibration: Calibration) -> Table:
    title = (
        f"Calibration of {what}: expected error {calibration.expected_error:.3f}, Brier score {calibration.brier:.3f}"
    )
    table = Table("score", "predictions", "mean score", "right", title=title, title_justify="left")
    for part in calibration.bins:
        cells = (str(part.count), f"{part.mean_score:.3f}", f"{part.precision:.3f}")
        table.add_row(f"{part.low:.1f}–{part.high:.1f}", *cells)
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

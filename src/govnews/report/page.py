"""One self-contained HTML page about one system, or about two: tables, plots, and a browser of what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from govnews.comparison import Comparison
from govnews.curve import Curve
from govnews.evaluation import Evaluation
from govnews.metrics.schemes import SCHEMES
from govnews.report.browser import MAX_SENTENCES, comparison_sentences, evaluation_sentences
from govnews.report.documents import ordered
from govnews.report.html import embed_json, render
from govnews.report.plots import plot_buckets, plot_calibration, plot_confusion, plot_curve, plot_labels

FIGURE_NAMES = {
    "entities": "entities, strict",
    "relations": "relations, strict, on predicted entities",
    "relations_relaxed": "relations, arguments need only overlap",
    "relations_on_gold": "relations, strict, on gold entities",
    "facts": "facts, whole rows",
}


def evaluation_page(evaluation: Evaluation, *, title: str, curve: Curve | None = None) -> str:
    """The report of one system.

    Args:
        evaluation: Its scores.
        title: What was evaluated on what.
        curve: A learning curve to show beside them.

    Returns:
        A whole HTML page that needs nothing else.

    Raises:
        GovnewsError: matplotlib is not installed.
    """
    figures = evaluation.figures
    misses = Counter(miss.cause for miss in evaluation.relation_misses)
    plots = {
        "By label": plot_labels({FIGURE_NAMES[n]: s for n, s in figures.items() if n in {"entities", "relations"}}),
        "By length, density and distance": plot_buckets(_bucket_panels(evaluation)),
        "Confusion": plot_confusion(evaluation.confusion) if evaluation.confusion else "",
        "Calibration": plot_calibration(evaluation.calibration) if evaluation.calibration else "",
        "Learning curve": plot_curve(curve) if curve and curve.laws else "",
    }
    return render(
        "evaluation.html",
        assets="report",
        title=title,
        evaluation=evaluation,
        figures=[(FIGURE_NAMES[name], scores, evaluation.intervals.get(name)) for name, scores in figures.items()],
        schemes=[(name, evaluation.schemes[name].micro) for name in SCHEMES],
        misses=misses.most_common() if "relations" in figures else [],
        plots={name: svg for name, svg in plots.items() if svg},
        curve=curve,
        browser=_browser(evaluation_sentences(evaluation)),
    )


def comparison_page(comparison: Comparison, *, title: str) -> str:
    """The report of two systems on the same gold; see `evaluation_page`."""
    panels = {
        f"{what}: {name}": getattr(system, what)
        for what in ("entities", "relations")
        for name, system in zip(comparison.names, comparison.systems, strict=True)
        if what in system.figures
    }
    return render(
        "comparison.html",
        assets="report",
        title=title,
        comparison=comparison,
        figures=[(FIGURE_NAMES[name], name, test) for name, test in comparison.tests.items()],
        plots={"By label": plot_labels(panels)},
        browser=_browser(comparison_sentences(comparison)),
    )


def _bucket_panels(evaluation: Evaluation) -> dict[str, Any]:
    related = "relations" in evaluation.figures
    panels = {
        "entity F1 by length in characters": evaluation.buckets["length"],
        "entity F1 by entities in the sentence": evaluation.buckets["density"],
        "relation F1 by characters between": evaluation.buckets["distance"] if related else {},
        "entity F1, mentions of training": evaluation.seen or {},
    }
    return {name: buckets for name, buckets in panels.items() if buckets} or {"no entities": {}}


def _browser(sentences: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The data of the error browser, and its filters."""
    iterator = iter(sentences)
    shown = list(islice(iterator, MAX_SENTENCES))
    marks = {mark for sentence in shown for mark in sentence["marks"]}
    return {
        "json": embed_json(shown),
        "kinds": sorted({kind for kind, _ in marks}),
        "labels": ordered({label for _, label in marks}),
        "left_out": sum(1 for _ in iterator),
    }

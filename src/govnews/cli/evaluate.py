"""`govnews evaluate` and `govnews compare`: score systems against gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govnews.cli.console import err, out
from govnews.errors import GovnewsError

if TYPE_CHECKING:
    from govnews.comparison import Comparison
    from govnews.evaluation import Evaluation

Gold = Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")]
Split = Annotated[str | None, typer.Option(help="Only train, validation or test.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write the scores here as JSON.")]
Report = Annotated[
    Path | None, typer.Option(help="Write a page that opens offline, and the scores as JSON, to this folder.")
]
SYSTEM = "An installed pipeline, its folder, or a .jsonl or .ann file of predictions for the same texts."


def _parse_thresholds(text: str | None) -> dict[str, float]:
    """Read `entities=0.8,relations.RUNS=0.6`."""
    thresholds: dict[str, float] = {}
    for part in [] if text is None else text.split(","):
        name, _, value = part.partition("=")
        try:
            threshold = float(value)
        except ValueError:
            threshold = -1.0
        if not name.strip() or not 0 <= threshold <= 1:
            raise typer.BadParameter(f"found {part!r}, expected WHAT=F1 with F1 from 0 to 1, as entities=0.8")
        thresholds[name.strip()] = threshold
    return thresholds


def evaluate(
    system: Annotated[str, typer.Argument(help=SYSTEM)],
    gold: Gold,
    split: Split = None,
    training: Annotated[
        Path | None,
        typer.Option(
            help="What the system was trained on (of a corpus folder, its train part): scores seen mentions apart."
        ),
    ] = None,
    output: Output = None,
    report: Report = None,
    curve: Annotated[
        Path | None, typer.Option(help="What `govnews curve --output` wrote, shown in the report as well.")
    ] = None,
    fail_under: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT=F1,…",
            help="Exit with status 1 below these F1 scores. WHAT is entities, relations, relations_relaxed, "
            "relations_on_gold or facts, or a label of one, as in entities.ORG.",
        ),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Also show errors, confusion, buckets, seen mentions, calibration.")
    ] = False,
) -> None:
    """Score entities and relations against gold on character offsets.

    Intervals are document-level bootstrap intervals; there are none below two documents.

    Predictions of other systems are a JSONL file, one document a line, with the ids and texts of the gold:
    {"id": "a", "text": "雨湖区…", "entities": [{"start": 0, "end": 3, "label": "ORG"}],
    "relations": [{"head": 0, "tail": 1, "label": "RUNS"}]}; `score` on either is optional.

    Example: govnews evaluate zh_govnews_sm corpus --split test --report report --fail-under entities=0.8
    """
    thresholds = _parse_thresholds(fail_under)
    if curve is not None and report is None:
        raise typer.BadParameter("--curve is shown in the report: pass --report too")

    from govnews.report.tables import detail_tables, evaluation_tables
    from govnews.scoring import evaluate as run

    stored_curve = None if curve is None else _load_curve(curve)
    with err.status(f"evaluating {system}"):
        evaluation = run(system, gold, split=split, training=training)
    title = f"{system} on {gold}{f' ({split})' if split else ''}"
    out.print(evaluation_tables(evaluation, title=title))
    if details:
        out.print(detail_tables(evaluation))
    _write(evaluation, output)
    if report is not None:
        from govnews.report.page import evaluation_page

        _write(evaluation, report / "metrics.json")
        _write_page(evaluation_page(evaluation, title=title, curve=stored_curve), report / "report.html")
    below = [(name, f1, need) for name, need in thresholds.items() if (f1 := evaluation.f1(name)) < need]
    if below:
        raise GovnewsError(
            "below the threshold: " + ", ".join(f"{name} F1 {f1:.4f} < {need:g}" for name, f1, need in below),
            hint="The scores are good enough only at or above every --fail-under.",
        )


def compare(
    first: Annotated[str, typer.Argument(help=SYSTEM)],
    second: Annotated[str, typer.Argument(help="The other one.")],
    gold: Gold,
    split: Split = None,
    output: Output = None,
    report: Report = None,
    examples: Annotated[int, typer.Option(min=0, help="How many of the cases to show that only one has right.")] = 5,
) -> None:
    """Compare two systems on the same documents: intervals, a paired permutation test, what only one has right.

    The test swaps the systems' counts document by document; with few documents p cannot be small.

    Example: govnews compare zh_govnews_sm predictions.jsonl corpus --report report
    """
    from govnews.comparison import compare as run
    from govnews.report.tables import contrast_table, difference_table

    with err.status(f"evaluating {first} and {second}"):
        comparison = run(first, second, gold, split=split)
    out.print(difference_table(comparison))
    out.print(contrast_table(comparison, examples=examples))
    _write(comparison, output)
    if report is not None:
        from govnews.report.page import comparison_page

        title = f"{first} and {second} on {gold}{f' ({split})' if split else ''}"
        _write(comparison, report / "comparison.json")
        _write_page(comparison_page(comparison, title=title), report / "comparison.html")


def _load_curve(path: Path) -> Any:
    from govnews.curve import read_curve

    return read_curve(path)


def _write(scores: Evaluation | Comparison, path: Path | None) -> None:
    if path is not None:
        from govnews.formats.textfile import write_text

        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(scores.to_dict(), ensure_ascii=False, indent=2) + "\n")
        err.print(f"scores: {path}")


def _write_page(page: str, path: Path) -> None:
    from govnews.formats.textfile import write_text

    write_text(path, page)
    err.print(f"report: {path}")

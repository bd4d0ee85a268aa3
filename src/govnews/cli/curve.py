"""`govnews curve`: score against corpus size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, make_progress, out
from govnews.cli.settings import parse_settings
from govnews.errors import GovnewsError


def curve(
    config: Annotated[Path, typer.Argument(help="A spaCy training config, such as configs/sm.cfg.")],
    corpus: Annotated[
        Path, typer.Option(help="What to train on: an annotated file or folder; of a corpus folder, its train part.")
    ] = Path("corpus"),
    held_out: Annotated[
        Path | None, typer.Option(help="What to score on: an annotated file or folder; by default the test part.")
    ] = None,
    sizes: Annotated[
        str, typer.Option(metavar="SHARE,…", help="Shares of the training text to train on.")
    ] = "0.125,0.25,0.5,0.75,1",
    seeds: Annotated[int, typer.Option(min=1, help="Number of random seeds, from 0; each draws other documents.")] = 1,
    steps: Annotated[int | None, typer.Option(min=1, help="Training steps, instead of the config's.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A config value to change, as training.dropout=0.2."),
    ] = None,
    more: Annotated[int, typer.Option(min=1, help="Sentences of further annotation to make a forecast for.")] = 100,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the curve here as JSON; a plot in SVG lies beside it.")
    ] = None,
) -> None:
    """Measure the learning curve: is it worth annotating more?

    Trains on growing parts of the text, scores each on held-out text, fits a power law to the error, and tells
    what more sentences are expected to bring.

    Example: govnews curve configs/sm.cfg --seeds 3 --held-out other-places.ann --output training/results/curve.json
    """
    fractions = _parse_sizes(sizes)
    overrides = parse_settings(settings, steps=steps)
    if not config.is_file():
        raise GovnewsError("no such config", path=config, hint="Name a spaCy training config.")

    from govnews.corpus.load import SPLIT_FILE, load_documents, load_split
    from govnews.curve import Curve, grow_parts, measure_curve
    from govnews.formats.textfile import write_text
    from govnews.report.tables import curve_tables

    has_split = (corpus / SPLIT_FILE).is_file()
    training = load_split(corpus, "train" if has_split else None)
    scored = load_documents(held_out) if held_out is not None else load_split(corpus, "test")
    trainings = sum(len(grow_parts(training, fractions, seed=seed)) for seed in range(seeds))
    points = []
    with make_progress() as progress:
        task = progress.add_task("training", total=trainings)
        for point in measure_curve(
            config,
            training,
            scored,
            fractions=fractions,
            seeds=range(seeds),
            overrides=overrides,
            progress=lambda message: progress.update(task, description=message),
        ):
            points.append(point)
            progress.advance(task)
    result = Curve(tuple(points), more)
    out.print(curve_tables(result))
    if output is not None:
        write_text(output, json.dumps(result.to_dict(), ensure_ascii=False, indent=1) + "\n")
        err.print(f"curve: {output}")
        if result.laws:
            from govnews.report.plots import plot_curve

            write_text(output.with_suffix(".svg"), plot_curve(result))
            err.print(f"plot: {output.with_suffix('.svg')}")


def _parse_sizes(text: str) -> list[float]:
    try:
        sizes = [float(part) for part in text.split(",")]
    except ValueError:
        sizes = []
    if not sizes or not all(0 < size <= 1 for size in sizes):
        raise typer.BadParameter(f"found --sizes {text!r}, expected shares above 0 and up to 1, as 0.25,0.5,1")
    return sizes

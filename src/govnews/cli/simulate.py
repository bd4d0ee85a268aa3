"""`govnews simulate`: does choosing what to annotate pay?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, make_progress, out
from govnews.cli.settings import parse_settings


def simulate(
    config: Annotated[Path, typer.Argument(help="A spaCy training config, such as configs/sm.cfg.")],
    corpus: Annotated[
        Path, typer.Option(help="What to choose from: an annotated file or folder; of a corpus folder, its train part.")
    ] = Path("corpus"),
    held_out: Annotated[
        Path | None, typer.Option(help="What to score on: an annotated file or folder; by default the test part.")
    ] = None,
    start: Annotated[int, typer.Option(min=1, help="Paragraphs to begin with.")] = 100,
    size: Annotated[int, typer.Option("--size", "-n", min=1, help="Paragraphs chosen a round.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, help="Number of rounds.")] = 3,
    seeds: Annotated[int, typer.Option(min=1, help="Number of random seeds, from 0.")] = 3,
    quota: Annotated[float, typer.Option(min=0, max=1, help="Share of a batch that holds each label.")] = 0.1,
    steps: Annotated[int | None, typer.Option(min=1, help="Training steps, instead of the config's.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A config value to change, as training.dropout=0.2."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write all scores here as JSON, and a plot of them beside it.")
    ] = None,
) -> None:
    """Compare `govnews next` with chance, on text that is annotated: both begin alike and grow by as many characters.

    Trains once to begin with and twice a round for each seed, and scores entities.

    Example: govnews simulate configs/sm.cfg --steps 300 --seeds 3 --output training/results/choice.json
    """
    from govnews.corpus.load import SPLIT_FILE, load_documents, load_split
    from govnews.errors import GovnewsError
    from govnews.formats.textfile import write_text
    from govnews.report.choice_tables import simulation_table
    from govnews.selection import cut_units
    from govnews.simulation import Simulation, config_trainer
    from govnews.simulation import simulate as run

    overrides = parse_settings(settings, steps=steps)
    if not config.is_file():
        raise GovnewsError("no such config", path=config, hint="Name a spaCy training config.")
    has_split = (corpus / SPLIT_FILE).is_file()
    pool = [part for document in load_split(corpus, "train" if has_split else None) for part in cut_units(document)]
    scored = load_documents(held_out) if held_out is not None else load_split(corpus, "test")
    points = []
    with make_progress() as progress:
        task = progress.add_task("training", total=seeds * 2 * (rounds + 1))
        for point in run(
            pool,
            scored,
            config_trainer(config, overrides),
            start=start,
            size=size,
            rounds=rounds,
            seeds=range(seeds),
            quota=quota,
            progress=lambda message: progress.update(task, description=message),
        ):
            points.append(point)
            progress.advance(task)
    simulation = Simulation(tuple(points))
    out.print(simulation_table(simulation))
    if output is not None:
        write_text(output, json.dumps(simulation.to_dict(), ensure_ascii=False, indent=1) + "\n")
        err.print(f"scores: {output}")
        from govnews.report.plots import plot_simulation

        write_text(output.with_suffix(".svg"), plot_simulation(simulation))
        err.print(f"plot: {output.with_suffix('.svg')}")

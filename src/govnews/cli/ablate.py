"""`govnews ablate`: the same training with one thing changed at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, make_progress, out
from govnews.errors import GovnewsError


def ablate(
    config: Annotated[Path, typer.Argument(help="A spaCy training config, such as configs/sm.cfg.")],
    variants: Annotated[Path, typer.Argument(help="A YAML file: config values for each variant.")],
    held_out: Annotated[
        Path | None, typer.Option(help="Annotated text of other places to score on, after training on the corpus.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder that holds published sets.")] = None,
    sets: Annotated[str, typer.Option(metavar="NAME,…", help="Sets to train on and score on dev.")] = "",
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each variant on each text.")] = 3,
    steps: Annotated[int, typer.Option(min=1, help="Steps of each training.")] = 1_000,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the runs here as JSON; runs it holds are not repeated.")
    ] = None,
) -> None:
    """Train variants of a config's entity recogniser and show what each change is worth.

    Example: govnews ablate configs/sm.cfg training/ablations/features.yml --held-out real --seeds 3 -o ablation.json
    """
    if not config.is_file():
        raise GovnewsError("no such config", path=config, hint="Name a spaCy training config.")

    from govnews.ablation import dump_ablation, make_trials, read_ablation, read_variants, run_ablation
    from govnews.formats.textfile import write_text
    from govnews.report.tables import ablation_table

    chosen = read_variants(variants)
    trials = make_trials(held_out, [name.strip() for name in sets.split(",") if name.strip()], data)
    runs = read_ablation(output) if output is not None and output.exists() else []
    total = len(chosen) * len(trials) * seeds
    with make_progress() as progress:
        task = progress.add_task("training", total=total)
        fresh = run_ablation(config, chosen, trials, seeds=range(seeds), steps=steps, done=runs)
        for number, run in enumerate(fresh, 1):
            runs.append(run)
            progress.update(task, description=f"{run.variant} on {run.trial}", completed=number)
            if output is not None:
                write_text(output, dump_ablation(runs))
    out.print(ablation_table(runs))
    if output is not None:
        err.print(f"runs: {output}")

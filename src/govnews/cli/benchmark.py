"""`govnews benchmark`: train and score a config on published sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, make_progress, out
from govnews.cli.settings import parse_settings
from govnews.errors import GovnewsError


def benchmark(
    config: Annotated[Path, typer.Argument(help="A spaCy training config, such as configs/sm.cfg.")],
    data: Annotated[Path, typer.Option(help="Folder that holds the sets: ner_resume, ner_weibo, re_sanwen, …")],
    sets: Annotated[
        str, typer.Option(metavar="NAME,…", help="Which: resume, weibo, cluener, boson, sanwen, finre.")
    ] = "resume,weibo",
    test: Annotated[
        bool, typer.Option(help="Score on the test part; by default on dev, to choose settings by.")
    ] = False,
    seeds: Annotated[int | None, typer.Option(min=1, help="Trainings a set, instead of the set's own number.")] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Training steps, instead of the set's own number.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A config value to change, as training.dropout=0.2."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the scores here as JSON.")] = None,
) -> None:
    """Train a config on published sets and show its scores beside those of published systems.

    Example: govnews benchmark configs/sm.cfg --data data --sets resume,weibo --seeds 3
    """
    if not config.is_file():
        raise GovnewsError("no such config", path=config, hint="Name a spaCy training config.")

    from govnews.benchmark import SCHEMA_VERSION, choose, run_benchmark
    from govnews.formats.textfile import write_text
    from govnews.report.tables import benchmark_table

    chosen = choose([name.strip() for name in sets.split(",")])
    overrides = parse_settings(settings, steps=steps)
    runs = []
    with make_progress() as progress:
        task = progress.add_task("training", total=sum(seeds or each.seeds for each in chosen))
        for each in chosen:
            part = each.test if test else "dev"
            progress.update(task, description=f"{config.stem} on {each.name}")
            for run in run_benchmark(
                each, config, data, part=part, seeds=range(seeds or each.seeds), overrides=overrides
            ):
                runs.append(run)
                progress.advance(task)
    out.print(benchmark_table(chosen, runs))
    if output is not None:
        result = {
            "schema_version": SCHEMA_VERSION,
            "settings": overrides,
            "runs": [run.to_dict() for run in runs],
        }
        write_text(output, json.dumps(result, ensure_ascii=False, indent=1) + "\n")
        err.print(f"scores: {output}")

"""`govnews crossval`: cross-validate training configs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, make_progress, out
from govnews.cli.settings import parse_settings


def crossval(
    configs: Annotated[list[Path], typer.Argument(help="spaCy training configs, such as configs/sm.cfg.")],
    corpus: Annotated[Path, typer.Option(help="An annotated file or corpus folder.")] = Path("corpus"),
    folds: Annotated[int, typer.Option(min=2, help="Number of folds.")] = 5,
    seeds: Annotated[int, typer.Option(min=1, help="Number of random seeds, from 0.")] = 1,
    steps: Annotated[int | None, typer.Option(min=1, help="Training steps, instead of the config's.")] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(
            help="Write what was predicted for each held-out section here as JSONL; scores are shares of the seeds."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write all scores here as JSON.")] = None,
) -> None:
    """Cross-validate configs by section: no section is trained on and scored in one fold.

    Example: govnews crossval configs/sm.cfg configs/stock.cfg --steps 600 --output training/results/crossval.json
    """
    from govnews.corpus.load import load_split
    from govnews.crossval import cross_validate, make_folds, pool_predictions, summarize
    from govnews.errors import GovnewsError
    from govnews.formats.jsonl import write_jsonl
    from govnews.formats.textfile import write_text
    from govnews.report.tables import comparison_table

    for config in configs:
        if not config.is_file():
            raise GovnewsError("no such config", path=config, hint="Name a spaCy training config.")
    if predictions is not None and len(configs) > 1:
        raise typer.BadParameter("--predictions is of one config: name one")
    documents = load_split(corpus)
    make_folds(documents, folds)
    overrides = parse_settings(None, steps=steps)
    results = {}
    with make_progress() as progress:
        task = progress.add_task("training", total=len(configs) * folds * seeds)
        for config in configs:
            done = []
            for fold in cross_validate(
                config,
                documents,
                n_folds=folds,
                seeds=range(seeds),
                overrides=overrides,
                progress=lambda message: progress.update(task, description=message),
            ):
                done.append(fold)
                progress.advance(task)
            results[config.stem] = summarize(done)
    if predictions is not None:
        write_jsonl(pool_predictions(done), predictions)
        err.print(f"predictions: {predictions}")
    out.print(comparison_table(results))
    if output is not None:
        data = {"folds": folds, "seeds": seeds, "steps": steps, "systems": results}
        write_text(output, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        err.print(f"scores: {output}")

"""`govnews pretrain`: pretrain the encoder of a config."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from govnews.cli.console import LoggedProgress, out


def pretrain(
    config: Annotated[Path, typer.Argument(help="A training config with a tok2vec component.")],
    output: Annotated[Path, typer.Argument(help="File for the weights; a recipe is written beside it.")],
    raw: Annotated[
        list[Path] | None,
        typer.Option(help="Text, one sentence a line: guess masked words. Segmented, unless tokens are words."),
    ] = None,
    tagged: Annotated[Path | None, typer.Option(help="Words as word/tag: tell parts of speech. .zst is read.")] = None,
    development: Annotated[Path | None, typer.Option(help="The same, held out; scored at the end.")] = None,
    epochs: Annotated[float, typer.Option(min=0, help="Passes over the raw text, or else over the tagged.")] = 1.0,
    mask: Annotated[float, typer.Option(min=0.01, max=0.9, help="Share of words to mask.")] = 0.15,
    seed: Annotated[int, typer.Option(help="Of weights, order and masks.")] = 0,
) -> None:
    """Pretrain a config's encoder on raw and on tagged text.

    Example: govnews pretrain configs/sm.cfg tok2vec.bin --raw news.seg --tagged train.pos.txt --development dev.pos.txt
    """
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from govnews.formats.segmented import read_tagged
    from govnews.formats.textfile import checksum, write_text
    from govnews.training.pretrain import Step, pretrain_encoder

    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
    last: Step | None = None
    with LoggedProgress(*columns) as bar:
        task = bar.add_task("reading")

        def show(step: Step) -> None:
            nonlocal last
            last = step
            losses = ", ".join(f"{loss:.3f}" for loss in step.losses)
            bar.update(
                task,
                total=step.total,
                completed=step.characters,
                description=f"{step.characters:,} characters, {losses}",
            )

        outcome = pretrain_encoder(
            config,
            output,
            raw=chain.from_iterable(read_tagged(path) for path in raw or ()),
            tagged=[] if tagged is None else list(read_tagged(tagged)),
            development=[] if development is None else list(read_tagged(development)),
            epochs=epochs,
            mask=mask,
            seed=seed,
            progress=show,
        )
    recipe: dict[str, Any] = {
        "config": str(config),
        "characters": last.total if last else 0,
        "epochs": epochs,
        "mask": mask,
        "seed": seed,
        "bytes": output.stat().st_size,
        "sha256": checksum(output),
        "last_losses": [round(loss, 4) for loss in last.losses] if last else [],
        "development_accuracy": {name: round(value, 4) for name, value in outcome.items()},
    }
    write_text(output.with_suffix(".json"), json.dumps(recipe, indent=2) + "\n")
    out.print_json(data=recipe)

"""`govnews pretrain`: pretrain the encoder of a config."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out


def pretrain(
    config: Annotated[Path, typer.Argument(help="A training config with a tok2vec component.")],
    training: Annotated[Path, typer.Argument(help="One sentence a line, words as word/tag; .zst is read too.")],
    development: Annotated[Path, typer.Argument(help="The same; scored at the end.")],
    output: Annotated[Path, typer.Argument(help="File for the weights; a recipe is written beside it.")],
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the sentences.")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="Use only the first so many sentences.")] = None,
    max_chars: Annotated[int | None, typer.Option(min=1, help="Stop after so many characters.")] = None,
    seed: Annotated[int, typer.Option(help="Of weights and order.")] = 0,
) -> None:
    """Pretrain a config's encoder on segmented and tagged sentences.

    Example: govnews pretrain configs/sm.cfg train.pos.txt dev.pos.txt training/pretrained/tok2vec.bin
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from govnews.formats.segmented import read_tagged
    from govnews.formats.textfile import checksum, write_text
    from govnews.training.pretrain import Step, pretrain_encoder

    sentences = list(islice(read_tagged(training), limit))
    total = epochs * sum(len(word) for sentence in sentences for word, _ in sentence)
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task("", total=min(total, max_chars or total))

        def show(step: Step) -> None:
            description = f"{step.characters:,} characters, loss {step.loss:.3f}"
            bar.update(task, completed=step.characters, description=description)

        score = pretrain_encoder(
            config,
            sentences,
            list(read_tagged(development)),
            output,
            epochs=epochs,
            seed=seed,
            max_chars=max_chars,
            progress=show,
        )
    recipe = {
        "config": str(config),
        "sentences": len(sentences),
        "characters": min(total, max_chars or total),
        "epochs": epochs,
        "seed": seed,
        "bytes": output.stat().st_size,
        "sha256": checksum(output),
        "development_tag_accuracy": round(score.recall, 4),
    }
    write_text(output.with_suffix(".json"), json.dumps(recipe, indent=2) + "\n")
    out.print_json(data=recipe)

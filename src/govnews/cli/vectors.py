"""`govnews vectors`: train static word vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out


def vectors(
    text: Annotated[Path, typer.Argument(help="Segmented text, as `govnews segmenter cut` writes it.")],
    output: Annotated[Path, typer.Argument(help="Folder for the vectors and their recipe.")],
    width: Annotated[int, typer.Option(min=1, help="Width of a vector.")] = 96,
    buckets: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 50_000,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the text.")] = 3,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 2,
) -> None:
    """Train static word vectors on segmented text, for `[initialize] vectors` of a config.

    Example: govnews vectors news.seg training/pretrained/vectors
    """
    from govnews.training.vectors import train_vectors

    with err.status("training"):
        recipe = train_vectors(text, output, width=width, buckets=buckets, epochs=epochs, threads=threads)
    out.print_json(data=recipe)

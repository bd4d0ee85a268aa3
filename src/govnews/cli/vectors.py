"""`govnews vectors`: train static word vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out


def vectors(
    texts: Annotated[list[Path], typer.Argument(help="UTF-8 text, one paragraph a line; .zst is read too.")],
    output: Annotated[Path, typer.Argument(help="Folder for the vectors and their recipe.")],
    segmenter: Annotated[Path, typer.Option(help="Folder of a pkuseg model.")] = Path("training/pretrained/segmenter"),
    width: Annotated[int, typer.Option(min=1, help="Width of a vector.")] = 96,
    buckets: Annotated[int, typer.Option(min=1, help="Rows of the table.")] = 50_000,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the text.")] = 3,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 2,
) -> None:
    """Segment raw text and train floret vectors on it, for `[initialize] vectors` of a config.

    Example: govnews vectors news.txt.zst training/pretrained/vectors
    """
    from itertools import chain

    from govnews.formats.textfile import read_lines
    from govnews.training.vectors import train_vectors

    with err.status("segmenting") as status:
        recipe = train_vectors(
            chain.from_iterable(read_lines(text) for text in texts),
            segmenter,
            output,
            width=width,
            buckets=buckets,
            epochs=epochs,
            threads=threads,
            progress=lambda characters: status.update(f"segmented {characters:,} characters"),
        )
    out.print_json(data=recipe)

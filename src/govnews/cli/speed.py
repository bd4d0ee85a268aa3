"""`govnews speed`: how fast pipelines are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out


def speed(
    models: Annotated[list[str], typer.Argument(help="Pipelines to compare, the first is the measure; jieba.posseg.")],
    text: Annotated[list[Path], typer.Option(help="UTF-8 text to read, files or folders.")],
    sizes: Annotated[
        str, typer.Option(metavar="N,…", help="Characters of the document, text repeated or cut; all of it by default.")
    ] = "",
    repeats: Annotated[int, typer.Option(min=1, help="Runs, of which the fastest counts.")] = 2,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the figures here as JSON.")] = None,
) -> None:
    """Measure pipelines on one core, each in a process of its own: speed by part, memory, time to load.

    Example: govnews speed training/runs/stock/model-best zh_govnews_sm --text reports --sizes 1000,100000
    """
    from govnews.formats.textfile import read_text, write_text
    from govnews.report.tables import speed_table
    from govnews.speed import dump_speeds, measure_speeds

    try:
        lengths = [int(size) for size in sizes.split(",") if size.strip()]
    except ValueError:
        lengths = [0]
    if any(length < 1 for length in lengths):
        raise typer.BadParameter(f"found --sizes {sizes!r}, expected lengths such as 1000,100000")
    files = [file for path in text for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    content = "\n".join(read_text(file) for file in files)
    with err.status("measuring") as status:
        speeds = list(measure_speeds(models, content, sizes=lengths, repeats=repeats, progress=status.update))
    out.print(speed_table(speeds))
    if output is not None:
        write_text(output, dump_speeds(speeds))
        err.print(f"figures: {output}")

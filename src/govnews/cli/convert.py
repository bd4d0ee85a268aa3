"""`govnews corpus convert`: annotated files of one format as another."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err

_SHOWN = 50


def convert(
    source: Annotated[Path, typer.Argument(help="An annotated file, or a folder of them.")],
    target: Annotated[
        Path, typer.Argument(help="What to write; brat, and WebAnno TSV of many documents, are folders.")
    ],
    source_format: Annotated[
        str | None, typer.Option("--from", help="Format of the source, where content and ending do not tell it.")
    ] = None,
    target_format: Annotated[
        str | None, typer.Option("--to", help="Format to write, where the ending does not tell it.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as gb18030.")] = "utf-8",
) -> None:
    """Write annotated files in another format, and list what it cannot carry; exit status 1 where anything was lost.

    Formats: inline, jsonl, label-studio, doccano, brat, conll, prodigy, webanno (INCEpTION), hanlp, cluener, docbin.

    Example: govnews corpus convert export.json mine.ann
    """
    from govnews.exchange import convert_files

    result = convert_files(source, target, source_format=source_format, target_format=target_format, encoding=encoding)
    alike: dict[tuple[str, str], list[str]] = {}
    for path, guessed in result.sources.items():
        alike.setdefault(guessed, []).append(path)
    for (name, reason), paths in alike.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        err.print(f"{paths[0]}{more}: read as {name} ({reason})", markup=False)
    for loss in result.losses[:_SHOWN]:
        place = f"{loss.path}:{loss.line}" if loss.line else loss.path
        err.print(f"{place}: lost: {loss.kind} {loss.what}: {loss.why}", style="yellow", markup=False)
    if len(result.losses) > _SHOWN:
        err.print(f"… and {len(result.losses) - _SHOWN} more")
    counts = Counter(loss.kind for loss in result.losses)
    lost = ", ".join(f"{count} {kind}" for kind, count in counts.most_common()) or "nothing"
    err.print(f"{target}: {len(result.documents)} documents written as {result.target}; lost: {lost}", markup=False)
    if result.losses:
        raise typer.Exit(1)

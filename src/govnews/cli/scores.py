"""`govnews scores`: show stored scores side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from govnews.cli.console import out


def scores(
    files: Annotated[list[Path], typer.Argument(help="What `evaluate --output` or `crossval --output` wrote.")],
    found: Annotated[
        Path | None, typer.Option(help="What `extract --output` wrote as JSONL: counted and shown.")
    ] = None,
    places: Annotated[
        list[str] | None, typer.Option("--place", help="WHAT=PATH, listed at the end; may be repeated.")
    ] = None,
) -> None:
    """Show stored scores side by side in one table.

    Example: govnews scores training/results/crossval.json
    """
    from govnews.errors import FormatError
    from govnews.formats.jsonl import read_jsonl
    from govnews.formats.textfile import read_text
    from govnews.report.documents import Found, place_table
    from govnews.report.tables import comparison_table

    results: dict[str, Any] = {}
    for file in files:
        try:
            data = json.loads(read_text(file))
            systems = _name_systems(file, data)
            comparison_table(systems)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise FormatError(
                "holds no scores", path=file, hint="Write them with `govnews evaluate --output`."
            ) from None
        results.update(systems)
    if found is not None:
        counted = Found()
        for document in read_jsonl(found):
            counted.add(document)
        out.print(counted.table())
    out.print(comparison_table(results))
    if places:
        out.print(place_table(dict(place.partition("=")[::2] for place in places)))


def _name_systems(file: Path, data: dict[str, Any]) -> dict[str, Any]:
    """Name what a file holds: one evaluation after its run's folder, cross-validations after their configs."""
    if "systems" not in data:
        return {file.parent.name if file.stem == "metrics" else file.stem: data}
    design = f"{data['folds']} folds, {data['seeds']} seeds"
    return {f"{name}.cfg, {design}": result for name, result in data["systems"].items()}

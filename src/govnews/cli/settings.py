"""Config values given on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import typer


def parse_settings(settings: Iterable[str] | None, *, steps: int | None = None) -> dict[str, Any]:
    """Read `name=value` pairs; values are JSON, and strings where they are not. `steps` is a shorter name for one.

    >>> parse_settings(["training.dropout=0.2", "paths.vectors=null", "paths.tok2vec=a.bin"])
    {'training.dropout': 0.2, 'paths.vectors': None, 'paths.tok2vec': 'a.bin'}
    """
    values: dict[str, Any] = {}
    for setting in settings or ():
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"found --set {setting!r}, expected a name and a value, as training.dropout=0.2")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    if steps is not None:
        values["training.max_steps"] = steps
    return values

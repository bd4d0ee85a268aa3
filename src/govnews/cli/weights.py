"""`govnews weights`: share the weights of a pipeline as the start of other trainings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import out


def weights(
    model: Annotated[str, typer.Argument(help="A trained pipeline: its folder, or the name of its package.")],
    folder: Annotated[Path, typer.Argument(help="Where tok2vec.bin, heads.bin and a recipe are written.")],
    note: Annotated[str, typer.Option(help="What it was trained on; stands in the recipe.")] = "",
) -> None:
    """Write the weights of a pipeline as what other trainings start from: paths.tok2vec and paths.heads of a config.

    Example: govnews weights training/runs/official/model-last training/pretrained
    """
    from govnews.formats.textfile import checksum, write_text
    from govnews.pipeline import load_model
    from govnews.training.start import write_start

    files = write_start(load_model(model), folder)
    recipe = {
        "note": note,
        "files": {file.name: {"bytes": file.stat().st_size, "sha256": checksum(file)} for file in files},
    }
    write_text(folder / "start.json", json.dumps(recipe, ensure_ascii=False, indent=2) + "\n")
    out.print_json(data=recipe)

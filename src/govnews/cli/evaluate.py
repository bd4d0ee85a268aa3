"""`govnews evaluate`: score a pipeline against gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out


def evaluate(
    model: Annotated[str, typer.Argument(help="An installed pipeline, or its folder.")],
    gold: Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")],
    split: Annotated[str | None, typer.Option(help="Only train, validation or test.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the scores here as JSON.")] = None,
) -> None:
    """Score a pipeline's entities and relations against gold, strictly, on character offsets.

    Example: govnews evaluate zh_govnews_sm corpus --split test
    """
    from govnews.corpus.load import load_split
    from govnews.evaluate import evaluate as run
    from govnews.formats.textfile import write_text
    from govnews.pipeline import load_model
    from govnews.report import evaluation_tables

    documents = load_split(gold, split)
    evaluation = run(load_model(model), documents)
    out.print(evaluation_tables(evaluation, title=f"{model} on {gold}{f' ({split})' if split else ''}"))
    if output is not None:
        write_text(output, json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2) + "\n")
        err.print(f"scores: {output}")

"""`govnews next`: what to annotate next."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out, print_error


class Unit(StrEnum):
    """What is annotated at a time."""

    paragraph = "paragraph"
    sentence = "sentence"


def choose_next(
    pool: Annotated[
        list[str], typer.Argument(help="Text, HTML, .docx, JSONL or parquet files, folders and patterns of them.")
    ],
    size: Annotated[int, typer.Option("--size", "-n", min=1, help="Number of texts to choose.")] = 50,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model", "-m", help="An installed pipeline, or its folder; given several times, where they part counts."
        ),
    ] = None,
    unit: Annotated[Unit, typer.Option(help="What to choose: paragraphs or sentences.")] = Unit.paragraph,
    annotated: Annotated[
        Path | None, typer.Option(help="An annotated file or corpus folder, whose texts are not chosen again.")
    ] = None,
    quota: Annotated[
        float, typer.Option(min=0, max=1, help="Share of the batch that holds each label, rare ones too.")
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Of the order in which texts of the same worth are taken.")] = 0,
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as gb18030.")] = "utf-8",
    text_column: Annotated[str, typer.Option(help="Where JSONL and parquet have the text.")] = "text",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the texts here, pre-annotated: .jsonl, or .ann to edit them."),
    ] = None,
) -> None:
    """Choose what to annotate next: where models are unsure, texts unlike each other, and each label its share.

    One model is asked how sure it is at each step, several are compared. Each text says why it was chosen. What cannot
    be read is told, and the exit status is then 1.

    Example: govnews next reports/ --size 50 --annotated corpus --output batch.ann
    """
    from govnews.corpus.load import load_documents
    from govnews.errors import GovnewsError
    from govnews.extract import Options, find_inputs
    from govnews.formats.documents import check_suffix, write_documents
    from govnews.pipeline import DEFAULT_MODEL, load_model
    from govnews.report.choice_tables import choice_table
    from govnews.selection import choose, read_pool, texts_of
    from govnews.uncertainty import judge

    if output is not None:
        check_suffix(output)
    inputs = find_inputs(pool)
    known = texts_of(load_documents(annotated), unit.value) if annotated is not None else set()
    pipelines = [load_model(name) for name in model or [DEFAULT_MODEL]]
    problems: list[GovnewsError] = []
    options = Options(encoding=encoding, text_column=text_column)
    texts = read_pool(inputs, options, unit=unit.value, known=known, tell=problems.append)
    with err.status("reading"):
        opinions = list(judge(pipelines, texts))
    choices = choose(opinions, size, quota=quota, seed=seed)
    for problem in problems:
        print_error(problem)
    if output is None:
        out.print(choice_table(choices))
    else:
        write_documents([choice.to_document() for choice in choices], output)
    err.print(f"{len(choices)} of {len(opinions)} texts chosen" + (f": {output}" if output else ""))
    if problems or not choices:
        raise typer.Exit(1)

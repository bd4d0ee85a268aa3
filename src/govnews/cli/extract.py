"""`govnews extract`: run a pipeline over files."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, make_progress, out, print_errors


class Layout(StrEnum):
    """What to do about page layout."""

    repair = "repair"
    keep = "keep"


def extract(
    paths: Annotated[list[Path], typer.Argument(help="Text or JSONL files, folders of them, or - for standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A .jsonl, .csv or .parquet file; - prints JSONL."),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="An installed pipeline, or its folder.")
    ] = "zh_govnews_sm",
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as gb18030.")] = "utf-8",
    layout: Annotated[
        Layout, typer.Option(help="Rejoin paragraphs that page breaks cut, or keep the text as it is.")
    ] = Layout.repair,
) -> None:
    """Extract entities and relations from text.

    Without --output the text is shown with its entities in colour. A file that cannot be read is
    reported and skipped, and the exit status is 1.

    Example: govnews extract corpus/raw/yuhu-2024.txt --output found.jsonl
    """
    from govnews.extract import (
        Extraction,
        Failures,
        check_output,
        find_inputs,
        leave_out,
        read_sources,
        write_extractions,
    )
    from govnews.extract import extract as run
    from govnews.pipeline import load_model
    from govnews.report.documents import Found, highlight, legend, relation_table

    inputs = find_inputs(map(str, paths))
    if output is not None:
        check_output(output)
        inputs = leave_out(inputs, output, named=map(str, paths))
    nlp = load_model(model)
    failures = Failures()
    found = Found()
    with make_progress() as progress:
        task = progress.add_task("extracting", total=len(inputs))

        def count(extractions: Iterator[Extraction]) -> Iterator[Extraction]:
            done: set[str] = set()
            for extraction in extractions:
                found.add(extraction.document)
                done.add(extraction.source.path)
                progress.update(task, completed=len(done))
                yield extraction

        sources = read_sources(inputs, failures=failures, encoding=encoding, layout=layout.value)
        extractions = count(run(nlp, sources))
        shown = []
        if output is None:
            shown = list(extractions)
        else:
            write_extractions(extractions, output, failures=failures)
        progress.update(task, completed=len(inputs))
    for extraction in shown:
        out.print(highlight(extraction.document), legend(), relation_table(extraction.document), sep="\n\n")
    if str(output) != "-" and found.documents:
        err.print(found.table(), soft_wrap=False)
    failed = print_errors(failures.errors)
    if output is not None and str(output) != "-" and (found.documents or not failed):
        err.print(f"{found.documents} documents: {output}")
    if failed:
        err.print(f"could not be read: {failed}")
        raise typer.Exit(1)

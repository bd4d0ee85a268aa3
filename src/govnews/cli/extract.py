"""`govnews extract`: run a pipeline over files."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govnews.cli.console import err, out, print_errors

if TYPE_CHECKING:
    from govnews.extract import Job, Summary
    from govnews.extract.run import Result
    from govnews.report.documents import Found


class Layout(StrEnum):
    """What to do about page layout."""

    repair = "repair"
    keep = "keep"


class Rows(StrEnum):
    """What a row of a table is."""

    facts = "facts"
    mentions = "mentions"


class Engine(StrEnum):
    """What runs the pipeline."""

    local = "local"
    ray = "ray"


def extract(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Text, HTML, .docx, JSONL or parquet files, folders and patterns of them, or - for standard input."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A .csv, .jsonl, .parquet or .duckdb file; - prints JSONL."),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="An installed pipeline, or its folder.")
    ] = "zh_govnews_sm",
    rows: Annotated[
        Rows, typer.Option(help="A row of CSV and parquet: a figure with body and period, or an entity or relation.")
    ] = Rows.facts,
    text_column: Annotated[str, typer.Option(help="Where JSONL and parquet have the text.")] = "text",
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as gb18030.")] = "utf-8",
    layout: Annotated[
        Layout, typer.Option(help="Rejoin paragraphs that page breaks cut, or keep the text as it is.")
    ] = Layout.repair,
    processes: Annotated[int, typer.Option(min=1, help="Share the work; each loads the pipeline.")] = 1,
    engine: Annotated[Engine, typer.Option(help="This machine's processes, or Ray Data.")] = Engine.local,
    address: Annotated[
        str | None, typer.Option(help="A running Ray cluster; otherwise one is started here.", show_default=False)
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Throw away what a run that did not finish has found.")
    ] = False,
) -> None:
    """Extract entities, relations and facts from text.

    Without --output the text is shown with its entities in colour. A run into a file that was stopped
    or killed goes on where it was when the same command is given again. What cannot be read is skipped
    and reported at the end, and the exit status is 1.

    Example: govnews extract reports/ --output found.csv
    """
    from govnews.extract import Job, Options, Summary, check_output, find_inputs, leave_out, run_job
    from govnews.formats.jsonl import parse_document
    from govnews.report.documents import Found

    inputs = find_inputs(paths)
    if output is not None:
        check_output(output)
        inputs = leave_out(inputs, output, named=paths)
    options = Options(encoding=encoding, layout=layout.value, text_column=text_column)
    job = Job(inputs, model, options, processes=processes, engine=engine.value, address=address)
    found = Found()
    began = time.monotonic()
    if output is None or str(output) == "-":
        summary = Summary()
        _show(job, summary, found, as_json=output is not None)
    else:
        with _progress(sum(one.size for one in inputs)) as bar:
            summary = run_job(
                job,
                output,
                rows=rows.value,
                restart=restart,
                begin=bar.begin,
                progress=bar.advance,
                see=lambda record: found.add(parse_document(record)),
            )
    _tell(summary, found, output, seconds=time.monotonic() - began)
    if summary.failed:
        raise typer.Exit(1)


def _show(job: Job, summary: Summary, found: Found, *, as_json: bool) -> None:
    """Print what is found as it comes."""
    from govnews.extract import stream_job
    from govnews.formats.jsonl import parse_document
    from govnews.report.documents import highlight, legend, relation_table

    for record in stream_job(job, summary):
        document = parse_document(record)
        found.add(document)
        if as_json:
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        else:
            out.print(highlight(document), legend(), relation_table(document), sep="\n\n")


def _tell(summary: Summary, found: Found, output: Path | None, *, seconds: float) -> None:
    """Say how a run went, on standard error."""
    if str(output) != "-" and found.documents:
        err.print(found.table(), soft_wrap=False)
    print_errors(summary.errors)
    if summary.failed > len(summary.errors):
        err.print(f"and {summary.failed - len(summary.errors):,} more")
    if output is not None and str(output) != "-" and found.documents:
        err.print(f"{found.documents} documents, {summary.characters:,} characters in {seconds:,.0f} s: {output}")
    if summary.failed:
        err.print(f"could not be read: {summary.failed}")


class _Bar:
    """A progress bar over the bytes of all inputs."""

    def __init__(self, bar: Any, total: int) -> None:
        self.bar = bar
        self.task = bar.add_task("extracting", total=total or None, documents="0", speed="")
        self.documents = self.characters = 0
        self.began = time.monotonic()

    def begin(self, read: int) -> None:
        """Start where an earlier run stopped."""
        if read:
            err.print("going on with the run that did not finish")
        self.began = time.monotonic()
        self.bar.reset(self.task, completed=read)

    def advance(self, result: Result) -> None:
        """Show a chunk that is done."""
        self.documents += result.documents
        self.characters += result.characters
        speed = self.characters / max(time.monotonic() - self.began, 0.1)
        self.bar.update(
            self.task, completed=result.read, documents=f"{self.documents:,}", speed=f"{speed:,.0f} characters/s"
        )


@contextmanager
def _progress(total: int) -> Iterator[_Bar]:
    """A progress bar with documents, characters a second and time left; on a terminal only."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[documents]} documents"),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
        console=err,
        disable=not err.is_terminal,
    ) as bar:
        yield _Bar(bar, total)

"""`govnews show`: a page to read a text with its facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govnews.cli.console import err
from govnews.cli.extract import Layout
from govnews.errors import GovnewsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govnews.corpus.page import Page
    from govnews.records import Document


def show(
    file: Annotated[Path, typer.Argument(help="A text, or an annotated .ann or .jsonl file; - for standard input.")],
    model: Annotated[
        str | None,
        typer.Option(
            "--model", "-m", help="An installed pipeline, or its folder: zh_govnews_sm, or none for annotated files."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The page to write; FILE's name with .html without it.")
    ] = None,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="The day FILE was written, where it does not tell: 今年 counts from it."
        ),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the file, such as gb18030.")] = "utf-8",
    layout: Annotated[
        Layout, typer.Option(help="Rejoin paragraphs that page breaks cut, or keep the text as it is.")
    ] = Layout.repair,
) -> None:
    """Write a page that shows a text with its entities and the table of its facts, each leading to the other.

    The page needs no network and nothing beside it. The table can be sorted, filtered and saved as CSV.

    Example: govnews show corpus/gold/yuhu-2024.ann --output yuhu.html --open
    """
    from govnews.formats.textfile import write_text
    from govnews.report.show import show_page

    target = output or Path(f"{'stdin' if str(file) == '-' else file.stem}.html")
    if target.resolve() == file.resolve():
        raise GovnewsError("is both input and output", path=target, hint="Choose another --output.")
    with err.status(f"reading {file}"):
        found = list(_find(file, model, encoding=encoding, layout=layout))
        documents = [_dated(document, date) for document, _ in found]
        title = file.name if len(documents) != 1 else documents[0].meta.get("title") or file.name
        page = show_page(documents, title=title, pages={document.id: page for document, page in found})
    write_text(target, page)
    err.print(f"page: {target}")
    if open_page:
        typer.launch(target.resolve().as_uri())


def _dated(document: Document, day: datetime | None) -> Document:
    if day is None or document.date:
        return document
    return replace(document, meta={**document.meta, "date": day.date().isoformat()})


def _find(file: Path, model: str | None, *, encoding: str, layout: Layout) -> Iterator[tuple[Document, Page]]:
    """The documents of a file with what is annotated in them, or with what a pipeline finds."""
    from govnews.corpus.page import keep_layout
    from govnews.formats.documents import READERS, read_documents

    if model is None and file.suffix.lower() in READERS:
        documents = read_documents(file, encoding=encoding)
        if any(document.entities for document in documents):
            yield from ((document, keep_layout(document.text)) for document in documents)
            return
    yield from _annotate(file, model, encoding=encoding, layout=layout)


def _annotate(file: Path, model: str | None, *, encoding: str, layout: Layout) -> Iterator[tuple[Document, Page]]:
    from govnews.extract import Options, Source, extract, find_inputs, read_items
    from govnews.pipeline import DEFAULT_MODEL, load_model

    sources: list[Source] = []
    for item in read_items(find_inputs([file]), Options(encoding=encoding, layout=layout.value)):
        if isinstance(item.found, GovnewsError):
            raise item.found
        sources.append(item.found)
    for extraction in extract(load_model(model or DEFAULT_MODEL), sources):
        yield extraction.document, extraction.source.page

"""`govnews corpus`: check, describe, compare and build annotated files, repair page layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli import readings
from govnews.cli.console import err, out, print_errors

app = typer.Typer(help="Check, describe, compare and build annotated files.", no_args_is_help=True)

app.command()(readings.agree)
app.command()(readings.adjudicate)
app.command()(readings.review)

Encoding = Annotated[str, typer.Option(help="Encoding of the files, such as gb18030.")]


@app.command()
def check(
    paths: Annotated[list[Path], typer.Argument(help="Annotated files (.ann, .jsonl) or corpus folders.")],
    encoding: Encoding = "utf-8",
    any_label: Annotated[
        bool, typer.Option("--any-label", help="Allow labels and relations that govnews does not define.")
    ] = False,
) -> None:
    """Check annotated files; exit status 1 when anything is wrong.

    Example: govnews corpus check corpus
    """
    from govnews.corpus.check import check_files
    from govnews.corpus.load import SPLIT_FILE, corpus_files, load_split

    files = [file for path in paths for file in corpus_files(path)]
    documents, problems = check_files(files, encoding=encoding, any_label=any_label)
    count = print_errors(problems)
    for path in paths:
        if not count and (path / SPLIT_FILE).is_file():
            load_split(path, "train")
    entities = sum(len(document.entities) for document in documents)
    relations = sum(len(document.relations) for document in documents)
    verdict = "nothing wrong" if not count else f"{count} problem{'s' * (count > 1)}"
    err.print(f"{len(documents)} documents, {entities} entities, {relations} relations: {verdict}")
    if count:
        raise typer.Exit(1)


@app.command()
def stats(
    path: Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")] = Path("corpus"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count characters, entities and relations, for each part of the split where there is one.

    Example: govnews corpus stats corpus
    """
    from govnews.corpus.load import SPLIT_FILE, SPLITS, load_documents, load_split
    from govnews.corpus.stats import describe
    from govnews.report.corpus_tables import stats_table

    parts = {"all": describe(load_documents(path))}
    if (path / SPLIT_FILE).is_file():
        parts |= {split: describe(load_split(path, split)) for split in SPLITS}
    if as_json:
        typer.echo(json.dumps({name: part.to_dict() for name, part in parts.items()}, ensure_ascii=False, indent=2))
    else:
        out.print(stats_table(parts))


@app.command()
def overlap(
    path: Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")],
    others: Annotated[list[Path], typer.Argument(help="Text files it must not share runs with; .zst is read too.")],
    length: Annotated[int, typer.Option(min=2, help="Characters from which a shared run counts.")] = 13,
    allow: Annotated[Path | None, typer.Option(help="A file of stock phrases that may be shared, one a line.")] = None,
) -> None:
    """List the runs of characters that annotated text shares with other text; exit status 1 where there are any.

    Example: govnews corpus overlap corpus/authored news.txt.zst --allow corpus/authored/stock.txt
    """
    from itertools import chain

    from govnews.corpus.load import load_documents
    from govnews.corpus.overlap import find_overlaps
    from govnews.formats.textfile import read_lines
    from govnews.report.corpus_tables import overlap_table

    phrases = [] if allow is None else [line.strip() for line in read_lines(allow) if line.strip()]
    with err.status("reading"):
        lines = chain.from_iterable(read_lines(other) for other in others)
        found = find_overlaps(load_documents(path), lines, length=length, allow=phrases)
    if found:
        out.print(overlap_table(found))
    err.print(f"shared runs of {length} characters or more: {len(found)}")
    if found:
        raise typer.Exit(1)


@app.command()
def variety(
    path: Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")],
    against: Annotated[Path | None, typer.Option(help="A folder of .txt files to compare with.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure how varied a corpus is, against other text cut to the same length: what in it was seen before?

    Example: govnews corpus variety corpus/authored --against reports
    """
    from govnews.corpus.load import load_documents
    from govnews.corpus.variety import measure_variety, take_evenly
    from govnews.errors import GovnewsError
    from govnews.formats.textfile import read_text
    from govnews.records import Document
    from govnews.report.corpus_tables import variety_table

    results = {str(path): measure_variety(load_documents(path))}
    if against is not None:
        files = sorted(against.glob("*.txt"))
        if not files:
            raise GovnewsError("holds no .txt file", path=against, hint="Name a folder of text files.")
        texts = [Document(file.name, read_text(file)) for file in files]
        size = min(results[str(path)].characters, sum(len(text.text) for text in texts))
        results = {
            str(path): measure_variety(load_documents(path), max_chars=size),
            str(against): measure_variety(take_evenly(texts, size), max_chars=size),
        }
    if as_json:
        typer.echo(json.dumps({name: v.to_dict() for name, v in results.items()}, ensure_ascii=False, indent=2))
    else:
        out.print(variety_table(results))


@app.command()
def clean(
    path: Annotated[Path, typer.Argument(help="A text file copied or scanned from a page; - is standard input.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the clean text here.")] = None,
    encoding: Encoding = "utf-8",
) -> None:
    """Repair a page's layout: rejoin cut paragraphs, tell headline, byline, caption and body apart.

    Example: govnews corpus clean corpus/raw/yuhu-2024.txt --output yuhu.txt
    """
    from rich.text import Text

    from govnews.corpus.layout import repair_layout
    from govnews.formats.textfile import read_text, write_text

    page = repair_layout(read_text(path, encoding=encoding))
    if output is not None:
        write_text(output, page.text + "\n")
    else:
        for block in page.blocks:
            text = Text(page.text[block.start : block.end])
            for join in page.joins:
                if block.start < join < block.end:
                    text.stylize("reverse", join - block.start - 1, join - block.start + 1)
            out.print(Text(f"{block.kind:>9}  ", style="cyan"), text, sep="", soft_wrap=True)
    err.print(f"{len(page.blocks)} blocks, {len(page.joins)} cuts rejoined")


@app.command()
def build(
    path: Annotated[Path, typer.Argument(help="The corpus folder.")] = Path("corpus"),
    check_only: Annotated[bool, typer.Option("--check", help="Write nothing; fail when files are stale.")] = False,
) -> None:
    """Write the split as JSONL, which datasets.load_dataset reads through the dataset card.

    Example: govnews corpus build corpus
    """
    from govnews.corpus.build import build_splits, stale_splits
    from govnews.errors import GovnewsError

    if check_only:
        stale = stale_splits(path)
        if stale:
            raise GovnewsError(
                "does not say what the annotated files say", path=stale[0], hint="Run `govnews corpus build`."
            )
        return
    for file, documents in build_splits(path).items():
        err.print(f"{file}: {documents} documents")


@app.command()
def detach(
    paths: Annotated[list[Path], typer.Argument(help="Annotated files, each text one paragraph.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write the annotations here, one JSON object a line.")],
) -> None:
    """Write annotations apart from their texts, which may then stay where they are.

    Example: govnews corpus detach mine.ann --output mine.standoff.jsonl
    """
    from govnews.corpus.load import load_documents
    from govnews.formats.standoff import write_standoff

    documents = [document for path in paths for document in load_documents(path)]
    write_standoff(documents, output)
    err.print(f"{len(documents)} documents: {output}")


@app.command()
def attach(
    annotations: Annotated[Path, typer.Argument(help="What `govnews corpus detach` wrote.")],
    texts: Annotated[list[Path], typer.Argument(help="UTF-8 text, one paragraph a line; .zst is read too.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write the annotated text here: .ann or .jsonl.")],
) -> None:
    """Put annotations and the texts they were made on together again; exit status 1 where a text is missing.

    Example: govnews corpus attach corpus/official.standoff.jsonl official_news.txt.zst --output official.jsonl
    """
    from govnews.formats.documents import write_documents
    from govnews.formats.standoff import attach_standoff
    from govnews.formats.textfile import read_lines

    documents, missing = attach_standoff(annotations, (line for path in texts for line in read_lines(path)))
    write_documents(documents, output)
    err.print(f"{len(documents)} documents: {output}")
    if missing:
        err.print(f"{len(missing)} whose text is not there: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}")
        raise typer.Exit(1)

"""`govnews corpus agree`, `adjudicate` and `review`: several readings of a text, and what deserves another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from govnews.cli.console import err, out, print_errors


def agree(
    readings: Annotated[list[Path], typer.Argument(help="Files or folders of the same documents, one an annotator.")],
    differences: Annotated[bool, typer.Option(help="Show what they do not all mark alike.")] = True,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many differences.")] = 50,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the figures and all differences here as JSON.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure how far annotators agree: F1 of spans and relations, Cohen's kappa, Krippendorff's alpha on characters.

    Example: govnews corpus agree corpus/gold/readings/yuhu-2024.a.ann corpus/gold/readings/yuhu-2024.b.ann
    """
    from govnews.corpus.agree import align_readings, measure_agreement, name_readings
    from govnews.corpus.differences import list_differences
    from govnews.corpus.load import load_documents
    from govnews.formats.textfile import write_text
    from govnews.report.agreement_tables import agreement_tables

    names = name_readings(_several(readings))
    documents = align_readings([load_documents(path) for path in readings])
    agreement, found = measure_agreement(documents), list_differences(documents)
    figures = {"readings": names, **agreement.to_dict()}
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        out.print(agreement_tables(agreement, found if differences else [], names=names, limit=limit))
    if output is not None:
        data = {**figures, "differences": [difference.to_dict(names) for difference in found]}
        write_text(output, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
        err.print(f"{len(found)} differences: {output}")


def adjudicate(
    readings: Annotated[
        list[Path],
        typer.Argument(help="Files or folders of the same documents, one an annotator; or a draft to finish."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Write the draft, or the settled file, here.")],
    finish: Annotated[
        bool, typer.Option("--finish", help="The file is a draft whose decisions are made: settle it.")
    ] = False,
) -> None:
    """Make one annotation of several: what they share is settled, each difference becomes a decision in a text file.

    A place marked in several ways is {?1:text}, with a line for each way under its paragraph, `? 1 WHO: ...`; lines
    with > are about relations, - is none. In any editor put ! for ? in front of the line that is right, and change
    its markup where none is. --finish applies the decisions, or lists what is still open with file and line; relations
    of spans that were not chosen go with them. `govnews corpus check` refuses a file with open decisions.

    Example: govnews corpus adjudicate li.ann wang.ann -o draft.ann

    Example: govnews corpus adjudicate draft.ann --finish -o settled.ann
    """
    from govnews.formats.inline import write_inline
    from govnews.formats.textfile import read_text, write_text

    if finish:
        from govnews.formats.drafts import settle_draft

        if len(readings) > 1:
            raise typer.BadParameter("--finish takes one draft")
        documents, problems = settle_draft(read_text(readings[0]), path=readings[0])
        if count := print_errors(problems):
            err.print(f"to settle: {count}; nothing was written")
            raise typer.Exit(1)
        write_inline(documents, output)
        err.print(f"{len(documents)} documents: {output}")
        return

    from govnews.corpus.adjudicate import draft_decisions
    from govnews.corpus.agree import align_readings, name_readings
    from govnews.corpus.load import load_documents

    names = name_readings(_several(readings))
    draft = draft_decisions(align_readings([load_documents(path) for path in readings]), names)
    write_text(output, draft.text)
    err.print(f"{output}: decisions to make: {draft.decisions}")


def _several(readings: list[Path]) -> list[Path]:
    if len(readings) < 2:
        raise typer.BadParameter("name two readings or more")
    return readings


def review(
    path: Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")] = Path("corpus"),
    predictions: Annotated[
        Path | None, typer.Option(help="What `govnews crossval --predictions` wrote for the same corpus.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="Only: marked elsewhere, two labels, figure unmarked, date alone, or models disagree."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many.")] = 100,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, all of them.")] = False,
) -> None:
    """List what deserves a second reading, the likeliest slips first; only reading can tell which are slips.

    Texts marked in one place and not in another or under two labels, figures in no entity, dates without a relation
    before figures, and what models predicted that were not trained on the text.

    Example: govnews corpus review corpus --predictions held-out.jsonl
    """
    from dataclasses import asdict

    from govnews.corpus.agree import pair_documents
    from govnews.corpus.load import load_split
    from govnews.corpus.review import KINDS, find_doubts
    from govnews.formats.jsonl import read_jsonl
    from govnews.report.corpus_tables import doubt_tables

    if kind not in (None, *KINDS):
        raise typer.BadParameter(f"found --kind {kind!r}, expected one of {', '.join(KINDS)}")
    documents = load_split(path)
    pairs = [] if predictions is None else pair_documents(documents, read_jsonl(predictions))
    doubts = [doubt for doubt in find_doubts(documents, pairs) if kind in (None, doubt.kind)]
    if as_json:
        typer.echo(json.dumps([asdict(doubt) for doubt in doubts], ensure_ascii=False, indent=1))
    else:
        out.print(doubt_tables(documents, doubts, limit=limit))

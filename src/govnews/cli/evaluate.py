"""`govnews evaluate` and `govnews compare`: score systems against gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govnews.cli.console import err, out

if TYPE_CHECKING:
    from govnews.evaluate import Evaluation

Gold = Annotated[Path, typer.Argument(help="An annotated file or corpus folder.")]
Split = Annotated[str | None, typer.Option(help="Only train, validation or test.")]
SYSTEM = "An installed pipeline, its folder, or a .jsonl or .ann file of predictions for the same texts."


def evaluate(
    system: Annotated[str, typer.Argument(help=SYSTEM)],
    gold: Gold,
    split: Split = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the scores here as JSON.")] = None,
) -> None:
    """Score entities and relations against gold on character offsets.

    Intervals are document-level bootstrap intervals; there are none below two documents.

    Example: govnews evaluate zh_govnews_sm corpus --split test
    """
    from govnews.formats.textfile import write_text
    from govnews.report import evaluation_tables

    evaluation = _evaluate(system, gold, split)
    out.print(evaluation_tables(evaluation, title=f"{system} on {gold}{f' ({split})' if split else ''}"))
    if output is not None:
        write_text(output, json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2) + "\n")
        err.print(f"scores: {output}")


def compare(
    first: Annotated[str, typer.Argument(help=SYSTEM)],
    second: Annotated[str, typer.Argument(help="The other one.")],
    gold: Gold,
    split: Split = None,
) -> None:
    """Compare two systems on the same documents: intervals, and a paired permutation test.

    The test swaps the systems' counts document by document; with few documents p cannot be small.

    Example: govnews compare zh_govnews_sm predictions.jsonl corpus
    """
    from govnews.metrics.labels import score_entities, score_relations
    from govnews.metrics.resample import count_documents, permutation_test
    from govnews.report import difference_table

    systems = (_evaluate(first, gold, split), _evaluate(second, gold, split))
    tests = {
        what: permutation_test(*(count_documents(system.pairs, score) for system in systems))
        for what, score in (("entities", score_entities), ("relations", score_relations))
    }
    out.print(difference_table((first, second), systems, tests))


def _evaluate(system: str, gold: Path, split: str | None) -> Evaluation:
    from govnews.corpus.agree import pair_documents
    from govnews.corpus.load import load_documents, load_split
    from govnews.evaluate import Evaluation
    from govnews.evaluate import evaluate as run
    from govnews.formats.documents import READERS, read_documents
    from govnews.pipeline import load_model

    if Path(system).suffix.lower() in READERS:
        documents = load_documents(gold) if split is None else load_split(gold, split)
        return Evaluation(tuple(pair_documents(documents, read_documents(system))))
    return run(load_model(system), load_split(gold, split))

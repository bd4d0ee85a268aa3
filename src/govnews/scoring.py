"""Run a system over gold and score what it finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from govnews.ceiling import measure_ceiling
from govnews.convert import document_to_doc
from govnews.corpus.agree import pair_documents
from govnews.corpus.load import SPLIT_FILE, load_documents, load_split
from govnews.errors import GovnewsError
from govnews.evaluation import Evaluation
from govnews.formats.documents import READERS, read_documents
from govnews.metrics.buckets import Mention, collect_mentions
from govnews.metrics.errors import list_relation_misses
from govnews.pipeline import RECOGNIZERS, annotate, cut_pieces, join_pieces, load_model, read_piece
from govnews.records import Document, index_documents

if TYPE_CHECKING:
    from spacy.language import Language


def evaluate(
    system: Language | str | Path | Iterable[Document],
    gold: str | Path | Iterable[Document],
    *,
    split: str | None = None,
    training: str | Path | Iterable[Document] | None = None,
) -> Evaluation:
    """Score a system against gold: entities, relations, and what its tokens allow at best.

    Args:
        system: A pipeline, the name of an installed one or its folder; or predictions, as documents or as a file of
            them (`.jsonl`, `.ann`), which have the ids and texts of the gold documents.
        gold: Annotated documents, or a file or corpus folder of them.
        split: Of a corpus folder only `train`, `validation` or `test`; parts of documents are then scored, and
            predictions carry their ids, as in `yuhu-2024#opening`.
        training: What the system was trained on, to score seen and unseen mentions apart; of a corpus folder
            with a split, its train part.

    Raises:
        GovnewsError: A file cannot be read, the pipeline cannot be loaded, or the predictions are of other texts.
    """
    documents = _gold_documents(gold, split)
    mentions = None if training is None else collect_mentions(_training_documents(training))
    if isinstance(system, (str, Path)):
        is_file = Path(system).suffix.lower() in READERS
        system = read_documents(system) if is_file else load_model(system)
    if isinstance(system, Iterable):
        return Evaluation(tuple(pair_documents(documents, system)), mentions=mentions)
    return _evaluate_pipeline(system, documents, mentions)


def _evaluate_pipeline(nlp: Language, documents: list[Document], mentions: frozenset[Mention] | None) -> Evaluation:
    pairs = tuple(zip(documents, annotate(nlp, documents), strict=True))
    if not nlp.has_pipe("relations"):
        return Evaluation(pairs, None, measure_ceiling(nlp, documents), mentions)
    on_gold = tuple(zip(documents, relate_gold(nlp, documents), strict=True))
    considers = getattr(nlp.get_pipe("relations"), "considers", None)
    unproposed = frozenset(
        (miss.document, miss.relation.head, miss.relation.tail)
        for miss in list_relation_misses(pairs, proposed=considers)
        if miss.cause == "pair not proposed"
    )
    return Evaluation(pairs, on_gold, measure_ceiling(nlp, documents), mentions, unproposed)


def _gold_documents(gold: str | Path | Iterable[Document], split: str | None) -> list[Document]:
    if isinstance(gold, (str, Path)):
        return load_documents(gold) if split is None else load_split(gold, split)
    documents = list(gold)
    try:
        index_documents(documents)
    except ValueError as error:
        raise GovnewsError(str(error), hint="Rename one of them.") from None
    return documents


def _training_documents(training: str | Path | Iterable[Document]) -> Iterable[Document]:
    if not isinstance(training, (str, Path)):
        return training
    return load_split(training, "train" if (Path(training) / SPLIT_FILE).is_file() else None)


def relate_gold(nlp: Language, documents: Sequence[Document]) -> list[Document]:
    """Run the relation component on gold entities instead of predicted ones, piece by piece as `annotate` does."""
    return [_relate_document(nlp, document) for document in documents]


def _relate_document(nlp: Language, document: Document) -> Document:
    parts = []
    for start, end in cut_pieces(document.text):
        doc = document_to_doc(replace(document.cut(start, end), relations=()), nlp, split_tokens=True).doc
        for name, pipe in nlp.pipeline:
            if nlp.get_pipe_meta(name).factory not in RECOGNIZERS:
                doc = pipe(doc)
        parts.append(read_piece(doc, start, document))
    return join_pieces(parts)

"""Load a pipeline and run it over documents of any length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from govnews.convert import doc_to_document, register_extensions
from govnews.errors import ModelError
from govnews.records import Document
from govnews.sentences import sentence_spans

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

DEFAULT_MODEL = "zh_govnews_sm"
RECOGNIZERS = frozenset({"ner", "beam_ner", "crf_ner"})
"""Factories of components that find entities."""
PIECE = 5_000
MAX_BATCH = 256

_Piece = tuple[str, tuple[int, int, Document]]


def load_model(model: str | Path) -> Language:
    """Load a pipeline by the name of its package or by its folder.

    Raises:
        ModelError: There is none, or it does not fit the installed packages.
    """
    import spacy

    path = Path(model)
    if path.is_file():
        raise ModelError("is a file, not a pipeline's folder", path=path, hint="Name the folder or the package.")
    try:
        nlp = spacy.load(path if path.is_dir() else str(model))
    except OSError as error:
        if path.is_dir() and not (path / "config.cfg").exists():
            raise ModelError(
                "is no pipeline: it has no config.cfg",
                path=path,
                hint="Name its model-best or model-last folder.",
            ) from None
        if path.exists():
            raise ModelError(f"cannot be loaded: {error}", path=path, hint="Train or install it again.") from None
        raise ModelError(
            f"no pipeline is called {str(model)!r}: no package of that name is installed, and there is no such folder",
            hint="Build one with `make model`, install its wheel with pip, or pass --model FOLDER.",
        ) from None
    except (ImportError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"cannot be loaded: {error}",
            path=str(model),
            hint="It may need other versions of spacy or govnews: compare its meta.json with `pip list`.",
        ) from None
    register_extensions()
    return nlp


def annotate(nlp: Language, documents: Iterable[Document], *, batch_chars: int = 2 * PIECE) -> Iterator[Document]:
    """Run a pipeline over documents, in order, whatever their length.

    Documents are processed in pieces of whole paragraphs, or whole sentences where a paragraph is
    very long, so that time and memory stay linear.

    Args:
        nlp: The pipeline.
        documents: Their own entities and relations are not looked at.
        batch_chars: Pieces of about so many characters together are processed at once; bounds memory.

    Yields:
        Each document with the entities and relations the pipeline found.
    """
    pieces = (
        (document.text[start:end], (number, start, document))
        for number, document in enumerate(documents)
        for start, end in cut_pieces(document.text)
    )
    docs = (
        result
        for batch in _batches(pieces, batch_chars)
        for result in nlp.pipe(batch, as_tuples=True, batch_size=len(batch))
    )
    parts = ((number, read_piece(doc, start, document)) for doc, (number, start, document) in docs)
    for _, group in groupby(parts, key=itemgetter(0)):  # keeps records, not the Docs of a whole document
        yield join_pieces([part for _, part in group])


def cut_pieces(text: str, size: int = PIECE) -> list[tuple[int, int]]:
    """Cut a text into runs of whole sentences, of `size` characters or little more where it can be.

    >>> cut_pieces("一。二。三。", size=4)
    [(0, 4), (4, 6)]
    """
    pieces = []
    start = end = 0
    for low, high in sentence_spans(text):
        for cut in [*range(low + size, high, size), high]:  # a sentence without end is cut all the same
            if cut - start > size and end > start:
                pieces.append((start, end))
                start = end
            end = cut
    return [*pieces, (start, end)]


def _batches(pieces: Iterable[_Piece], batch_chars: int) -> Iterator[list[_Piece]]:
    batch: list[_Piece] = []
    size = 0
    for piece in pieces:
        if batch and (size + len(piece[0]) > batch_chars or len(batch) >= MAX_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += len(piece[0])
    if batch:
        yield batch


def read_piece(doc: Doc, start: int, document: Document) -> Document:
    """The document with what was found in one piece of it, which begins at `start`."""
    found = doc_to_document(doc, document)
    return replace(
        document,
        entities=tuple(entity.shift(start) for entity in found.entities),
        relations=tuple(relation.shift(start) for relation in found.relations),
    )


def join_pieces(parts: Sequence[Document]) -> Document:
    """Put what was found in all pieces of a document together."""
    return replace(
        parts[0],
        entities=tuple(entity for part in parts for entity in part.entities),
        relations=tuple(relation for part in parts for relation in part.relations),
    )

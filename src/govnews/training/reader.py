"""Read gold straight from the corpus while spaCy trains."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.tokens import Doc
from spacy.training import Example

from govnews.convert import TOKENIZER_KEYS, document_to_doc
from govnews.corpus.load import load_split
from govnews.errors import GovnewsError
from govnews.records import Document

if TYPE_CHECKING:
    from spacy.language import Language

logger = logging.getLogger("govnews")


def make_corpus_reader(
    path: Path, split: str | None = None, max_chars: int = 0, also: Path | None = None, split_tokens: bool = False
) -> Callable[[Language], Iterator[Example]]:
    """Make a reader of annotated documents for `[corpora.*]` in a config.

    Args:
        path: A corpus folder with its split file, or any annotated file or folder.
        split: `train`, `validation` or `test`; everything where it is null.
        max_chars: Cut documents into runs of paragraphs of at most this many characters; a longer
            paragraph stays whole. 0 keeps documents whole.
        also: A further annotated file or folder, read whole.
        split_tokens: Whether tokens are cut where entities begin and end, as befits a pipeline that is given them.

    Returns:
        A function from a pipeline to examples, whose references hold entities and `doc._.relations`. It reads and
        segments once for a pipeline: training asks several times.
    """
    made: dict[Language, list[Example]] = {}

    def read(nlp: Language) -> Iterator[Example]:
        if nlp not in made:
            made.clear()
            made[nlp] = list(examples(nlp))
        return iter(made[nlp])

    def examples(nlp: Language) -> Iterator[Example]:
        whole = load_split(path, split) + (load_split(also) if also is not None else [])
        documents = [part for document in whole for part in cut_paragraphs(document, max_chars)]
        if not documents:
            raise GovnewsError(f"holds nothing to read for split {split!r}", path=path, hint="Look at the split file.")
        return make_examples(documents, nlp, split_tokens=split_tokens)

    return read


def make_examples(documents: Iterable[Document], nlp: Language, *, split_tokens: bool = False) -> Iterator[Example]:
    """Make spaCy examples; says how many entities the tokenizer lost, if any."""
    lost = total = 0
    for document in documents:
        aligned = document_to_doc(document, nlp, split_tokens=split_tokens)
        total += len(document.entities)
        lost += len(aligned.lost)
        reference = aligned.doc
        predicted = Doc(
            nlp.vocab,
            words=[token.text for token in reference],
            spaces=[bool(token.whitespace_) for token in reference],
        )
        predicted.user_data.update({key: data for key, data in reference.user_data.items() if key in TOKENIZER_KEYS})
        yield Example(predicted, reference)
    if lost:
        logger.warning(
            "%d of %d entities begin or end inside a token and cannot be learned; "
            "use govnews.CharacterTokenizer.v1 to keep them, or split_tokens = true where entities are given",
            lost,
            total,
        )


def cut_paragraphs(document: Document, max_chars: int) -> Iterator[Document]:
    """Cut a document into runs of whole paragraphs of at most `max_chars` characters each."""
    if max_chars <= 0 or len(document.text) <= max_chars:
        yield document
        return
    start = end = at = 0
    for paragraph in document.text.split("\n"):
        if at > start and at + len(paragraph) - start > max_chars:
            yield document.cut(start, end)
            start = at
        end = at + len(paragraph)
        at = end + 1
    yield document.cut(start, end)

"""Sentence boundaries as the annotation guidelines define them."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc

from govnews.sentences import sentence_spans

LINE_BREAKS = frozenset("\n\r\f\v\x85\u2028\u2029")


class SentenceSplitter(Pipe):
    """Start a sentence after `。！？…` with the quotes they close, and after a line break.

    spaCy's `sentencizer` puts an opening quote behind a full stop into the sentence before it,
    which would cut `“向阳花”行动` in two. Line breaks are blocked for the entity recogniser, which
    respects sentence starts but would let an entity end in the break before one.
    """

    def __init__(self, name: str = "sentences") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Set `token.is_sent_start` on every token, and keep line breaks out of entities to come."""
        text = doc.text
        starts = {start for start, _ in sentence_spans(text)}
        # setting token.is_sent_start one by one looks through the whole document every time
        marks = [1 if token.i == 0 or token.idx in starts else -1 for token in doc]
        column: Any = np.array(marks, dtype=np.int64).astype(np.uint64).reshape(-1, 1)
        doc.from_array(["SENT_START"], column)
        if not LINE_BREAKS.isdisjoint(text):
            breaks = [doc[token.i : token.i + 1] for token in doc if token.text in LINE_BREAKS]
            doc.set_ents([], blocked=breaks, default="unmodified")
        return doc

    def to_bytes(self, **kwargs: object) -> bytes:
        """There is nothing to store."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> SentenceSplitter:
        """There is nothing to load."""
        return self

    def to_disk(self, path: object, **kwargs: object) -> None:
        """There is nothing to store."""

    def from_disk(self, path: object, **kwargs: object) -> SentenceSplitter:
        """There is nothing to load."""
        return self


@Language.factory("sentences", assigns=["token.is_sent_start", "doc.sents"], retokenizes=False)
def make_sentence_splitter(nlp: Language, name: str) -> SentenceSplitter:
    """Make a `SentenceSplitter`."""
    return SentenceSplitter(name)

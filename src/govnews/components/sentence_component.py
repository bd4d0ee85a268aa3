"""Sentence boundaries as the annotation guidelines define them."""

from __future__ import annotations

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
        starts = {start for start, _ in sentence_spans(doc.text)}
        breaks = []
        for token in doc:
            token.is_sent_start = token.i == 0 or token.idx in starts
            if token.text in LINE_BREAKS:
                breaks.append(doc[token.i : token.i + 1])
        if breaks:
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

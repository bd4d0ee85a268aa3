"""Characters as tokens, with the words that pkuseg finds kept beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from spacy.lang.zh import ChineseTokenizer, Segmenter
from spacy.tokens import Doc

from govnews.components.lexicon import Lexicon, code_points
from govnews.convert import BEGIN, END, LEXICON_KEY, MIDDLE, SINGLE, WORDS_KEY, register_extensions
from govnews.sentences import sentence_spans
from govnews.words import load_segmenter, read_words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example
    from spacy.vocab import Vocab

MAX_PIECE = 400


def make_character_tokenizer() -> Callable[[Language], CharacterTokenizer]:
    """Make a `CharacterTokenizer` for a pipeline."""
    return lambda nlp: CharacterTokenizer(nlp.vocab)


class CharacterTokenizer(ChineseTokenizer):
    """Make one token of every code point, so that no entity is ever lost to segmentation.

    Token i of a `Doc` is code point i of its text, white space included. pkuseg runs all the
    same: `doc._.words` gives its words, and the embedding sees where they begin and end, and where words of
    a lexicon do. The pkuseg model and the lexicon are stored inside the pipeline and need no network.
    """

    def __init__(self, vocab: Vocab) -> None:
        super().__init__(vocab, segmenter=Segmenter.pkuseg)
        self.pkuseg_seg: Any = None
        self.lexicon = Lexicon()
        register_extensions()

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        pkuseg_model: str | None = None,
        pkuseg_user_dict: str | None = None,
        lexicon: str | None = None,
    ) -> None:
        """Load a pkuseg model and a lexicon.

        Args:
            get_examples: Not used.
            nlp: Not used.
            pkuseg_model: Folder of the model; without one there are no words, and every character is one.
            pkuseg_user_dict: File with one word a line that is never cut; "default" joins the words of the
                dictionary that spacy-pkuseg brings, null none at all.
            lexicon: File with one word a line, for the embedding.

        Raises:
            ModelError: The folder holds no pkuseg model.
        """
        self.pkuseg_seg = None
        self.segmenter = Segmenter.char.value
        self.lexicon = Lexicon(read_words(lexicon) if lexicon is not None else ())
        if pkuseg_model is not None:
            self.pkuseg_seg = load_segmenter(pkuseg_model, user_dict=pkuseg_user_dict)
            self.segmenter = Segmenter.pkuseg.value

    def __call__(self, text: str) -> Doc:
        """Make a `Doc` with one token a code point."""
        doc = Doc(self.vocab, words=list(text), spaces=[False] * len(text))
        doc.user_data[WORDS_KEY] = self.word_tags(text)
        begins, ends = self.lexicon.match(code_points(text))
        doc.user_data[LEXICON_KEY] = begins.tobytes() + ends.tobytes()
        return doc

    def word_tags(self, text: str) -> bytes:
        """Where words begin and end.

        Args:
            text: Any text.

        Returns:
            One byte a code point: 0 white space, 1 a word by itself, 2 a word's beginning, 3 its middle, 4 its end.
        """
        tags = bytearray(len(text))
        for start, end in _pieces(text):
            at = start
            for word in self._cut(text[start:end]):
                at = text.index(word, at, end)
                last = at + len(word) - 1
                if last == at:
                    tags[at] = SINGLE
                else:
                    tags[at : last + 1] = bytes([BEGIN, *[MIDDLE] * (last - at - 1), END])
                at = last + 1
        return bytes(tags)

    def _cut(self, text: str) -> list[str]:
        if self.pkuseg_seg is None:
            return [char for char in text if not char.isspace()]
        return list(self.pkuseg_seg.cut(text))

    # What the base class writes as its settings in all its forms of storage.
    def _get_config(self) -> dict[str, Any]:
        return {**super()._get_config(), "lexicon": self.lexicon.words}

    def _set_config(self, config: dict[str, Any] | None = None) -> None:
        super()._set_config(config or {})
        self.lexicon = Lexicon((config or {}).get("lexicon", ()))

    def __reduce__(self) -> tuple[Any, ...]:
        data = self.to_bytes()  # type: ignore[no-untyped-call]
        return _rebuild, (self.vocab, data)


def _rebuild(vocab: Vocab, data: bytes) -> CharacterTokenizer:
    tokenizer = CharacterTokenizer(vocab)
    tokenizer.from_bytes(data)  # type: ignore[no-untyped-call]
    return tokenizer


def _pieces(text: str) -> Iterable[tuple[int, int]]:
    """Sentences, and parts of those too long: pkuseg's cost grows faster than a piece's length."""
    for start, end in sentence_spans(text):
        for low in range(start, end, MAX_PIECE):
            yield low, min(low + MAX_PIECE, end)

"""Texts as arrays, and what an encoder sees of them when words are masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np

from govnews.components.features import Characters
from govnews.components.lexicon import code_points
from govnews.convert import BEGIN, END, MIDDLE, SINGLE

Sentence = list[tuple[str, str]]
MASK = 0xE000
MIN_CHARACTER_COUNT = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """What the encoder reads of some texts.

    Args:
        ids: Feature ids, shape (characters, features).
        vectors: Static vectors of the words around them, shape (characters, vector width).
        lengths: Characters of each text.
    """

    ids: np.ndarray
    vectors: np.ndarray
    lengths: list[int]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as arrays over their characters, one after the other, with one zero after each.

    Args:
        codes: Code points.
        places: Place in the word: `BEGIN`, `MIDDLE`, `END`, `SINGLE`.
        words: Number of the word in `vocabulary`.
        numbers: Number of the word in its text; tells neighbouring words apart.
        targets: What is to be learned of each character; -1 for nothing.
        bounds: Where each text begins, and where the last ends.
        vocabulary: The distinct words.
    """

    codes: np.ndarray
    places: np.ndarray
    words: np.ndarray
    numbers: np.ndarray
    targets: np.ndarray
    bounds: np.ndarray
    vocabulary: list[str]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @classmethod
    def read(cls, sentences: Iterable[Sentence], tags: Mapping[str, int] | None = None) -> Texts:
        """Make arrays of sentences of (word, tag); targets are numbers of character tags, where `tags` gives them."""
        known: dict[str, int] = {}
        parts = [_arrays(chunk, known, tags or {}) for chunk in _chunks(filter(None, sentences), 10_000)]
        parts = parts or [_arrays([], known, {})]
        codes, places, words, sizes, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return cls(
            codes=codes,
            places=places,
            words=np.repeat(words, sizes),
            numbers=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
            targets=targets,
            bounds=np.concatenate([[0], np.flatnonzero(codes == 0) + 1]),
            vocabulary=list(known),
        )

    def take(self, chosen: Iterable[int]) -> np.ndarray:
        """Positions of the characters of some texts, each with its zero."""
        return np.concatenate([np.arange(self.bounds[text], self.bounds[text + 1]) for text in chosen])

    def batches(self, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
        """Positions of about `size` characters, text by text in random order, without end."""
        lengths = np.diff(self.bounds)
        while True:
            order = random.permutation(len(self))
            cuts = np.searchsorted(np.cumsum(lengths[order]), np.arange(size, lengths.sum() + size, size))
            for start, end in pairwise([0, *np.minimum(cuts + 1, len(order))]):
                if end > start:
                    yield self.take(order[start:end])


def _arrays(sentences: Iterable[Sentence], known: dict[str, int], tags: Mapping[str, int]) -> tuple[np.ndarray, ...]:
    """Code points, places, targets of the characters, words and sizes of the words; a zero word ends a sentence."""
    text: list[str] = []
    words: list[int] = []
    targets: list[int] = []
    for sentence in sentences:
        for word, tag in sentence:
            text.append(word)
            words.append(known.setdefault(word, len(known)))
            if tags:
                targets += (tags.get(name, -1) for name in _names(word, tag))
        text.append("\0")
        words.append(-1)
        if tags:
            targets.append(-1)
    codes = code_points("".join(text))
    sizes = np.fromiter(map(len, text), dtype=np.int64, count=len(text))
    starts = np.cumsum(sizes) - sizes
    places = np.full(len(codes), MIDDLE, dtype=np.uint8)
    places[starts] = BEGIN
    places[starts + sizes - 1] = END
    places[starts[sizes == 1]] = SINGLE
    places[codes == 0] = 0
    wanted = np.array(targets if tags else np.full(len(codes), -1), dtype=np.int16)
    return codes, places, np.array(words, dtype=np.int32), sizes, wanted


def _chunks(sentences: Iterable[Sentence], size: int) -> Iterator[list[Sentence]]:
    stream = iter(sentences)
    while chunk := list(islice(stream, size)):
        yield chunk


class Reader:
    """Turns positions of texts into what the encoder reads, with words masked.

    Args:
        nlp: The pipeline: its vocabulary, vectors and lexicon.
        features: Of the embedding.
        texts: What is read.
    """

    def __init__(self, nlp: Any, features: Sequence[str], texts: Texts) -> None:
        self.texts, self.features = texts, features
        size = int(max(texts.codes.max(initial=0), MASK)) + 1
        self.norms = np.zeros(size, dtype=np.uint64)
        self.shapes = np.zeros(size, dtype=np.uint64)
        for code in {*np.unique(texts.codes).tolist(), MASK} - {0}:
            lexeme = nlp.vocab[chr(code)]
            self.norms[code], self.shapes[code] = lexeme.norm, lexeme.shape
        self.lexicon = nlp.tokenizer.lexicon
        self.vectors = np.zeros((len(texts.vocabulary) + 1, max(1, nlp.vocab.vectors_length)), dtype="f")
        if nlp.vocab.vectors_length and texts.vocabulary:
            self.vectors[:-1] = nlp.vocab.vectors.get_batch(texts.vocabulary)

    def read(self, positions: np.ndarray, masked: np.ndarray) -> Batch:
        """What the encoder sees of some positions, where `masked` words are hidden from every feature."""
        texts = self.texts
        codes = np.where(masked, np.uint32(MASK), texts.codes[positions])
        begins, ends = self.lexicon.match(codes)
        characters = Characters(
            norms=self.norms[codes],
            shapes=self.shapes[codes],
            tags=np.where(masked, 0, texts.places[positions]).astype(np.uint8),
            codes=codes,
            begins=begins,
            ends=ends,
        )
        kept = codes != 0
        lengths = np.diff(np.concatenate([[0], np.flatnonzero(~kept) + 1])) - 1
        vectors = self.vectors[np.where(masked, -1, texts.words[positions])]
        return Batch(characters.ids(self.features)[kept], vectors[kept], lengths[lengths > 0].tolist())


def character_tags(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Each character with the part of speech of its word and its place in it.

    >>> list(character_tags([("增长", "v"), ("5", "m")]))
    [('增', 'B-v'), ('长', 'E-v'), ('5', 'S-m')]
    """
    for word, tag in sentence:
        yield from zip(word, _names(word, tag), strict=True)


def _names(word: str, tag: str) -> list[str]:
    if len(word) == 1:
        return [f"S-{tag}"]
    return [f"B-{tag}", *[f"M-{tag}"] * (len(word) - 2), f"E-{tag}"]


def choose_words(numbers: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Choose a share of the words; true for their characters.

    Args:
        numbers: Number of the word of each character.
        share: Between 0 and 1.
        random: Where chance comes from.
    """
    first = np.concatenate([[True], numbers[1:] != numbers[:-1]])
    words = np.cumsum(first) - 1
    chosen: np.ndarray = (random.random(words[-1] + 1) < share)[words]
    return chosen


def number_characters(codes: np.ndarray) -> np.ndarray:
    """Number the code points that are frequent enough to be guessed; -1 for the others, shape (largest + 1,)."""
    known, counts = np.unique(codes[codes != 0], return_counts=True)
    frequent = known[counts >= min(MIN_CHARACTER_COUNT, counts.max(initial=0))]
    numbers = np.full(0x110000, -1, dtype=np.int64)
    numbers[frequent] = np.arange(len(frequent))
    return numbers

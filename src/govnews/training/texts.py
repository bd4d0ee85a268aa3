"""Texts as arrays of units, characters or word tokens, and what an encoder sees of them when words are masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import numpy as np

from govnews.components.features import Tokens, affix_hashes, find_tags
from govnews.components.lexicon import code_points
from govnews.convert import BEGIN, END, MIDDLE, SINGLE

Sentence = list[tuple[str, str]]
Cut = Callable[[str], list[str]]
MASK = 0xE000
MIN_COUNT = 20
MAX_CLASSES = 40_000
NOTHING, UNKNOWN = -1, -2


@dataclass(frozen=True, slots=True)
class Batch:
    """What the encoder reads of some texts.

    Args:
        ids: Feature ids, shape (units, features).
        vectors: Static vectors of the words around them, shape (units, vector width).
        lengths: Units of each text.
    """

    ids: np.ndarray
    vectors: np.ndarray
    lengths: list[int]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as arrays over their units, one after the other, with one zero after each.

    A unit is what the pipeline makes a token of: a character, or a word.

    Args:
        units: Number of each unit in `inventory`.
        places: Place of a character in its word: `BEGIN`, `MIDDLE`, `END`, `SINGLE`; 0 where units are words.
        words: Number in `vocabulary` of the word that a unit stands in, or is.
        numbers: Number of the word among all; tells neighbouring words apart.
        targets: What is to be learned of each unit; `NOTHING`, or `UNKNOWN` for a tag without a number.
        bounds: Where each text begins, and where the last ends.
        inventory: The distinct units; the first is what ends a text.
        vocabulary: The distinct words.
        sizes: Characters of each unit of the inventory.
    """

    units: np.ndarray
    places: np.ndarray
    words: np.ndarray
    numbers: np.ndarray
    targets: np.ndarray
    bounds: np.ndarray
    inventory: list[str]
    vocabulary: list[str]
    sizes: np.ndarray

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def characters(self) -> int:
        """Characters of all texts, and one for the end of each."""
        return int(np.bincount(self.units, minlength=1) @ self.sizes)

    @classmethod
    def read(cls, sentences: Iterable[Sentence], tags: Mapping[str, int] | None = None, *, cut: Cut = list) -> Texts:
        """Make arrays of sentences.

        Args:
            sentences: Lists of (word, tag). Where units are characters, words are masked as they stand here; where
                they are words, `cut` finds its own, and a line without spaces serves as well.
            tags: Numbers of the tags that `unit_tags` gives, which become targets.
            cut: What makes the units of a text: `list` its characters.
        """
        known: dict[str, int] = {}
        parts = [_arrays(chunk, known, tags or {}, cut) for chunk in _chunks(filter(None, sentences), 10_000)]
        parts = parts or [_arrays([], known, {}, cut)]
        units, places, words, lengths, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        vocabulary = list(known)
        inventory = ["\0", *vocabulary]
        if cut is list:
            codes = np.union1d([0], np.flatnonzero(np.bincount(units)))
            numbers = np.zeros(codes[-1] + 1, dtype=np.int32)
            numbers[codes] = np.arange(len(codes))
            units, inventory = numbers[units], [chr(code) for code in codes]
        return cls(
            units=units,
            places=places,
            words=np.repeat(words, lengths),
            numbers=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
            targets=targets,
            bounds=np.concatenate([[0], np.flatnonzero(units == 0) + 1]),
            inventory=inventory,
            vocabulary=vocabulary,
            sizes=np.array([len(unit) for unit in inventory]),
        )

    def take(self, chosen: Iterable[int]) -> np.ndarray:
        """Positions of the units of some texts, each with its zero."""
        return np.concatenate([np.arange(self.bounds[text], self.bounds[text + 1]) for text in chosen])

    def batches(self, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
        """Positions of about `size` units, text by text in random order, without end."""
        lengths = np.diff(self.bounds)
        while True:
            order = random.permutation(len(self))
            cuts = np.searchsorted(np.cumsum(lengths[order]), np.arange(size, lengths.sum() + size, size))
            for start, end in pairwise([0, *np.minimum(cuts + 1, len(order))]):
                if end > start:
                    yield self.take(order[start:end])


def _arrays(
    sentences: Iterable[Sentence], known: dict[str, int], tags: Mapping[str, int], cut: Cut
) -> tuple[np.ndarray, ...]:
    """Units (code points, or words from 1 on) and their places, words and their lengths, targets; 0 ends a text."""
    words: list[str] = []
    targets: list[int] = []
    for sentence in sentences:
        parts = [word for word, _ in sentence]
        words += parts if cut is list else cut("".join(parts))
        words.append("\0")
        if tags:
            targets += (tags.get(name, UNKNOWN) if name else NOTHING for _, name in unit_tags(sentence, cut))
            targets.append(NOTHING)
    numbers = np.array([known.setdefault(w, len(known)) if w != "\0" else -1 for w in words], dtype=np.int32)
    lengths = np.ones(len(words), dtype=np.int64)
    units = (numbers + 1).astype(np.int32)
    if cut is list:
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        units = code_points("".join(words)).astype(np.int32)
    places = np.zeros(len(units), dtype=np.uint8)
    if cut is list:
        starts = np.cumsum(lengths) - lengths
        places[:] = MIDDLE
        places[starts] = BEGIN
        places[starts + lengths - 1] = END
        places[starts[lengths == 1]] = SINGLE
        places[units == 0] = 0
    wanted = np.array(targets if tags else np.full(len(units), NOTHING), dtype=np.int16)
    return units, places, numbers, lengths, wanted


def _chunks(sentences: Iterable[Sentence], size: int) -> Iterator[list[Sentence]]:
    stream = iter(sentences)
    while chunk := list(islice(stream, size)):
        yield chunk


class Reader:
    """Turns positions of texts into what the encoder reads, with words masked.

    Args:
        nlp: The pipeline: its vocabulary, vectors and, if its tokenizer has one, lexicon.
        features: Of the embedding.
        texts: What is read.
    """

    def __init__(self, nlp: Any, features: Sequence[str], texts: Texts) -> None:
        self.texts, self.features = texts, features
        shown = [*texts.inventory, chr(MASK)]
        lexemes = [nlp.vocab[unit] for unit in shown[1:]]
        self.norms = np.array([0, *(lexeme.norm for lexeme in lexemes)], dtype=np.uint64)
        self.shapes = np.array([0, *(lexeme.shape for lexeme in lexemes)], dtype=np.uint64)
        sizes = np.append(texts.sizes, 1)
        self.affixes = affix_hashes(code_points("".join(shown)), np.cumsum(sizes) - sizes, sizes)
        self.sizes = np.append(texts.sizes, 0)
        self.kinds = np.zeros(len(shown), dtype=np.uint8)
        if "tag" in features:
            self.kinds = find_tags(np.array([0, *(lexeme.orth for lexeme in lexemes)], dtype=np.uint64))
        self.lexicon = getattr(nlp.tokenizer, "lexicon", None)
        self.codes = np.array([ord(unit) if len(unit) == 1 else 0 for unit in shown], dtype=np.uint32)
        self.vectors = np.zeros((len(texts.vocabulary) + 1, max(1, nlp.vocab.vectors_length)), dtype="f")
        if nlp.vocab.vectors_length and texts.vocabulary:
            self.vectors[:-1] = nlp.vocab.vectors.get_batch(texts.vocabulary)

    def read(self, positions: np.ndarray, masked: np.ndarray) -> Batch:
        """What the encoder sees of some positions, where `masked` words are hidden from every feature."""
        texts = self.texts
        units = np.where(masked, len(texts.inventory), texts.units[positions])
        codes = self.codes[units]
        begins = ends = np.zeros(len(units), dtype=np.uint8)
        if self.lexicon is not None:
            begins, ends = self.lexicon.match(codes)
        tokens = Tokens(
            norms=self.norms[units],
            shapes=self.shapes[units],
            tags=np.where(masked, 0, texts.places[positions]).astype(np.uint8),
            codes=codes,
            begins=begins,
            ends=ends,
            affixes=self.affixes[units],
            sizes=self.sizes[units],
            kinds=self.kinds[units],
        )
        kept = units != 0
        lengths = np.diff(np.concatenate([[0], np.flatnonzero(~kept) + 1])) - 1
        vectors = self.vectors[np.where(masked, -1, texts.words[positions])]
        return Batch(tokens.ids(self.features)[kept], vectors[kept], lengths[lengths > 0].tolist())


def unit_tags(sentence: Sentence, cut: Cut = list) -> Iterator[tuple[str, str]]:
    """Each unit with the part of speech of the word that it is or stands in, and its place in it.

    Args:
        sentence: Of (word, part of speech).
        cut: What makes the units of a text.

    Yields:
        Units and tags; a unit that does not stand in one word has the tag "".

    >>> list(unit_tags([("增长", "v"), ("5", "m")]))
    [('增', 'B-v'), ('长', 'E-v'), ('5', 'S-m')]
    >>> list(unit_tags([("县政府", "n"), ("大院", "n"), ("里", "f")], lambda text: ["县", "政府", "大院里"]))
    [('县', 'B-n'), ('政府', 'E-n'), ('大院里', '')]
    """
    words = iter(sentence)
    tag, start, end = "", 0, 0  # of the word
    at = 0
    for unit in cut("".join(word for word, _ in sentence)):
        after = at + len(unit)
        while end <= at:
            word, tag = next(words)
            start, end = end, end + len(word)
        if after > end:
            yield unit, ""
        elif at == start:
            yield unit, f"{'S' if after == end else 'B'}-{tag}"
        else:
            yield unit, f"{'E' if after == end else 'M'}-{tag}"
        at = after


def choose_words(numbers: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Choose a share of the words; true for their units.

    Args:
        numbers: Number of the word of each unit.
        share: Between 0 and 1.
        random: Where chance comes from.
    """
    first = np.concatenate([[True], numbers[1:] != numbers[:-1]])
    words = np.cumsum(first) - 1
    chosen: np.ndarray = (random.random(words[-1] + 1) < share)[words]
    return chosen


def number_units(texts: Texts) -> dict[str, int]:
    """Number the units that are frequent enough to be guessed, the most frequent first, at most `MAX_CLASSES`."""
    counts = np.bincount(texts.units, minlength=len(texts.inventory))
    counts[0] = 0
    ranked = np.argsort(-counts, kind="stable")[:MAX_CLASSES]
    frequent = ranked[counts[ranked] >= max(1, min(MIN_COUNT, counts.max()))]
    return {texts.inventory[unit]: number for number, unit in enumerate(frequent)}

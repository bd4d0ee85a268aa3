"""Which words of a list begin and end at each character, whatever the segmenter cut."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Lengths = NDArray[np.uint8]
_BASE = np.uint64(0x9E3779B97F4A7C15)
MAX_WORD = 8


class Lexicon:
    """A set of words, looked up at every position of a text at once.

    After SoftLexicon (Ma et al. 2020: Simplify the usage of lexicon in Chinese NER), which tells each character
    the words it begins, ends or stands in; here the longest it begins and the longest it ends are kept. Words are
    compared by 64-bit hashes, so that cost is linear and one pass a word length.

    Args:
        words: Words of two to eight characters; others are left out.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = sorted({word for word in words if 2 <= len(word) <= MAX_WORD})
        self._hashes: dict[int, NDArray[np.uint64]] = {}
        for length in range(2, MAX_WORD + 1):
            text = "".join(word for word in self.words if len(word) == length)
            if text:
                starts = np.arange(0, len(text), length)
                self._hashes[length] = np.sort(gram_hashes(code_points(text), starts, length))

    def __len__(self) -> int:
        return len(self.words)

    def match(self, codes: Codes) -> tuple[Lengths, Lengths]:
        """The length of the longest word that begins, and of the longest that ends, at each code point; 0 for none.

        Args:
            codes: Code points of a text, shape (n,).

        Returns:
            Two arrays of shape (n,).
        """
        begins = np.zeros(len(codes), dtype=np.uint8)
        ends = np.zeros(len(codes), dtype=np.uint8)
        sums = prefix_hashes(codes)
        for length, known in self._hashes.items():  # from short to long: the longest stays
            if length > len(codes):
                break
            grams = _between(sums, np.arange(len(codes) - length + 1), length)
            at = np.searchsorted(known, grams)
            found = np.flatnonzero(known[np.minimum(at, len(known) - 1)] == grams)
            begins[found] = length
            ends[found + length - 1] = length
        return begins, ends


def code_points(text: str) -> Codes:
    """The code points of a text, shape (n,); lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def gram_hashes(codes: Codes, starts: NDArray[np.int64], lengths: NDArray[np.integer] | int) -> NDArray[np.uint64]:
    """Hash runs of code points; equal runs have equal hashes wherever they stand.

    Args:
        codes: Code points, shape (n,).
        starts: Where each run begins.
        lengths: How long each is.
    """
    return _between(prefix_hashes(codes), starts, lengths)


def prefix_hashes(codes: Codes) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Sums of code points, each multiplied by a power of the base; and the inverse powers, which shift runs to zero."""
    n = len(codes)
    powers = np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(n, _BASE)]), dtype=np.uint64)
    inverse = np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(n, _INVERSE)]), dtype=np.uint64)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum((codes.astype(np.uint64) + 1) * powers[:-1])])
    return sums, inverse


def _between(
    hashes: tuple[NDArray[np.uint64], NDArray[np.uint64]],
    starts: NDArray[np.int64],
    lengths: NDArray[np.integer] | int,
) -> NDArray[np.uint64]:
    sums, inverse = hashes
    return (sums[starts + lengths] - sums[starts]) * inverse[starts]


_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))

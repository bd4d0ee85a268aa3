"""Segmented text: one sentence a line, words separated by spaces, each `word` or `word/tag`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from govnews.formats.textfile import read_lines, replacing


def read_segmented(path: str | Path) -> Iterator[list[str]]:
    """Read sentences as lists of words; tags, where there are any, are left out.

    Args:
        path: A UTF-8 file, plain or `.zst`.
    """
    for sentence in read_tagged(path):
        yield [word for word, _ in sentence]


def read_tagged(path: str | Path) -> Iterator[list[tuple[str, str]]]:
    """Read sentences as lists of (word, tag); the tag is empty where there is none.

    Args:
        path: A UTF-8 file, plain or `.zst`.
    """
    for line in read_lines(path):
        words = [parse_token(token) for token in line.split()]
        if words:
            yield words


def write_segmented(path: str | Path, sentences: Iterable[list[str]]) -> None:
    """Write one sentence a line, words separated by spaces, without tags."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(" ".join(words) + "\n" for words in sentences)


def parse_token(token: str) -> tuple[str, str]:
    """Take `word/tag` apart at the last slash.

    >>> parse_token("地区/n"), parse_token("地区"), parse_token("1/2/m")
    (('地区', 'n'), ('地区', ''), ('1/2', 'm'))
    """
    word, slash, tag = token.rpartition("/")
    if not slash or not word or not tag.isascii() or not tag.isalpha():
        return token, ""
    return word, tag

"""CoNLL columns: one token a line with its tag last, a blank line between sentences.

    -DOCSTART-	yuhu-2024	O

    雨	B-ORG
    湖	I-ORG
    区	I-ORG

Read are BIO, BIOES, BMES and BILOU, columns separated by tabs or spaces, tokens of characters or words. A sentence
becomes a line of the text; without `-DOCSTART-` the file is one document. Characters are written, since words may cut
entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from govnews.errors import FormatError, GovnewsError
from govnews.formats.builder import Builder
from govnews.formats.losses import Limits, Loss, Report, fit, refuse
from govnews.formats.textfile import read_text, write_text
from govnews.records import Document, Entity

LIMITS = Limits(
    "CoNLL",
    relations=False,
    scores=False,
    meta=False,
    sections=False,
    nested=False,
    lines=False,
    edges=False,
    label=r"\S+",
    plain=True,
)
SCHEMES = {"BIO": ("B", "B", "I", "I"), "BIOES": ("S", "B", "I", "E")}
"""Tags of an entity of one token, and of the first, inner and last token of others."""
START = "-DOCSTART-"
_INSIDE, _CLOSING = frozenset("IMEL"), frozenset("ELSUW")
_PREFIXES = _INSIDE | _CLOSING | {"B"}
_WRITABLE_ID = re.compile(r"(?!(?:O|-X-)\Z)\S(?:[^\t\n\r]*\S)?")
_HINT = "A line is a token and its tag, such as `雨 B-ORG`; O stands outside entities."


def read_conll(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read columns of tokens and tags.

    Args:
        path: The file.
        encoding: Any encoding Python knows.
        report: Told of tags that go on with an entity where there is none; they are taken to begin one.

    Raises:
        FormatError: A line has one column, or a tag of no scheme, with file and line.
    """
    documents: dict[str, Document] = {}
    blocks = list(_blocks(read_text(path, encoding=encoding), path))
    for number, (name, sentences) in enumerate(blocks, start=1):
        default = Path(path).stem if len(blocks) == 1 else f"{Path(path).stem}-{number}"
        document = _document(name or default, sentences, path, report)
        if document.id in documents:
            raise FormatError(f"a second document is called {document.id!r}", path=path, hint="Rename one of them.")
        documents[document.id] = document
    return list(documents.values())


def write_conll(
    documents: Iterable[Document], path: str | Path, *, scheme: str = "BIO", report: Report = refuse
) -> None:
    """Write one character a line, without white space, and a sentence for each line of the text.

    Args:
        documents: What to write.
        path: The file.
        scheme: One of `SCHEMES`.
        report: Told of relations, white space in the text, and what else columns cannot carry.
    """
    if scheme not in SCHEMES:
        raise GovnewsError(f"no scheme is called {scheme!r}", hint=f"Schemes are {', '.join(SCHEMES)}.")
    fitted = (fit(document, LIMITS, report=report) for document in documents)
    write_text(path, "".join(_format(document, scheme, report) for document in fitted if document is not None))


def _format(document: Document, scheme: str, report: Report) -> str:
    tags: dict[int, str] = {}
    for entity in document.entities:
        tags |= _tag(document, entity, scheme)
    if not _WRITABLE_ID.fullmatch(document.id):
        report(Loss("metadata", f"id (document {document.id!r})", "cannot be written in CoNLL"))
    lines = [f"{START}\t{document.id}\tO" if document.id else f"{START}\tO", ""]
    kept = []
    start = 0
    for paragraph in document.text.split("\n"):
        tokens = [(at, char) for at, char in enumerate(paragraph, start=start) if not char.isspace()]
        if tokens:
            kept.append("".join(char for _, char in tokens))
            lines += [*(f"{char}\t{tags.get(at, 'O')}" for at, char in tokens), ""]
        start += len(paragraph) + 1
    if (lost := len(document.text) - len("\n".join(kept))) > 0:
        report(Loss("text", f"white space, {lost} characters (document {document.id!r})", "is no token"))
    return "\n".join(lines) + "\n"


def _tag(document: Document, entity: Entity, scheme: str) -> dict[int, str]:
    places = [at for at in range(entity.start, entity.end) if not document.text[at].isspace()]
    single, first, inner, last = SCHEMES[scheme]
    prefixes = [first, *(inner for _ in places[2:]), last] if len(places) > 1 else [single]
    return {at: f"{prefix}-{entity.label}" for at, prefix in zip(places, prefixes, strict=True)}


Row = tuple[int, str, str]
"""Line, token and tag."""


def _blocks(text: str, path: str | Path) -> Iterator[tuple[str, list[list[Row]]]]:
    """The name of each document, where it has one, and its sentences."""
    name = ""
    sentences: list[list[Row]] = [[]]
    begun = False
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        columns = line.split("\t") if "\t" in line else line.split()
        if not line.strip():
            sentences.append([])
        elif columns[0] == START or line.startswith(START):
            if begun:
                yield name, sentences
            begun = True
            name = columns[1] if len(columns) > 2 and columns[1] not in ("-X-", "O") else ""
            sentences = [[]]
        elif len(columns) < 2 or not columns[0]:
            raise FormatError(f"found {line[:60]!r}, which is no token with a tag", path=path, line=number, hint=_HINT)
        else:
            begun = True
            sentences[-1].append((number, columns[0], columns[-1].strip()))
    yield name, sentences


def _document(name: str, sentences: list[list[Row]], path: str | Path, report: Report) -> Document:
    sentences = [sentence for sentence in sentences if sentence]
    characters = all(len(token) == 1 for sentence in sentences for _, token, _ in sentence)
    text = ""
    pieces: list[str] = []
    spans: list[tuple[int, int, str, int]] = []
    length = 0
    for number, sentence in enumerate(sentences):
        gap = "\n" if number else ""
        open_label = ""
        for line, token, tag in sentence:
            if gap == "" and pieces and not characters and _apart(pieces[-1], token):
                gap = " "
            start = length + len(gap)
            length = start + len(token)
            pieces += [gap, token] if gap else [token]
            gap = ""
            prefix, _, label = tag.partition("-")
            if tag != "O" and (not label or prefix not in _PREFIXES):
                raise FormatError(f"found the tag {tag[:40]!r}", path=path, line=line, hint=_HINT)
            if prefix in _INSIDE and label == open_label:
                spans[-1] = (spans[-1][0], length, label, spans[-1][3])
            elif tag != "O":
                if prefix in _INSIDE:
                    why = f"begins an entity, which B-{label} would"
                    report(Loss("tag", f"{tag} of {token!r} (document {name!r})", why).at(path, line))
                spans.append((start, length, label, line))
            open_label = "" if tag == "O" or prefix in _CLOSING else label
    text = "".join(pieces)
    builder = Builder(name, text, report=lambda loss: report(loss.at(path)))
    for start, end, label, line in spans:
        builder.add(None, start, end, label, line=line)
    return builder.build()


def _apart(before: str, token: str) -> bool:
    """Whether a space stands between two words: those of Latin letters and digits."""
    return before[-1:].isascii() and before[-1:].isalnum() and token[:1].isascii() and token[:1].isalnum()

"""HanLP JSON: tokens sentence by sentence, and entities over them as text, label, first token and one past the last.

    {"tok/fine": [["雨湖区", "新增", "学位"]], "ner/msra": [[["雨湖区", "LOCATION", 0, 1]]]}

Where there is a `text`, tokens are found in it; else the text is the tokens joined. HanLP drops white space, so what is
written here has its `text` too; tokens are written one a character, sentences one a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats.builder import Builder
from govnews.formats.fields import expected, field, items, read_id, read_objects, write_objects
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.records import Document

LIMITS = Limits("HanLP JSON", relations=False, scores=False, meta=False, sections=False, lines=False, edges=False)
_TOKENS = ("tok/fine", "tok", "tok/coarse")
_HINT = 'A document is {"tok/fine": [["雨湖区", "新增"]], "ner/msra": [[["雨湖区", "LOCATION", 0, 1]]]}.'

Spans = list[tuple[int, int]]
"""Code points of the tokens of one sentence."""


def read_hanlp(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read what HanLP gives, with one sentence or many; entities count fine tokens where there are such.

    Args:
        path: One JSON object, a list of them, or one a line.
        encoding: Any encoding Python knows.
        report: Told of entities that do not fit their tokens, and of those of a second `ner/` task.

    Raises:
        FormatError: An object holds no tokens, with file and line.
    """
    return read_objects(path, _parse, hint=_HINT, encoding=encoding, report=report)


def write_hanlp(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write documents one a line, all of them or nothing."""
    fitted = (fit(document, LIMITS, report=report) for document in documents)
    write_objects(path, (_line(document) for document in fitted if document is not None))


def _line(document: Document) -> dict[str, Any]:
    sentences: list[list[str]] = []
    place: dict[int, tuple[int, int]] = {}  # sentence and token of each character
    start = 0
    for paragraph in document.text.split("\n"):
        tokens: list[str] = []
        for at, char in enumerate(paragraph, start=start):
            if not char.isspace():
                place[at] = (len(sentences), len(tokens))
                tokens.append(char)
        if tokens:
            sentences.append(tokens)
        start += len(paragraph) + 1
    found: list[list[list[Any]]] = [[] for _ in sentences]
    for e in document.entities:
        sentence, first = place[e.start]
        found[sentence].append(["".join(document.surface(e).split()), e.label, first, place[e.end - 1][1] + 1])
    return {"id": document.id, "text": document.text, "tok": sentences, "ner": found}


def _parse(data: dict[str, Any], default_id: str, report: Report) -> Document:
    key = next((key for key in _TOKENS if key in data), None)
    if key is None:
        raise FormatError("has no tokens", hint=f"Looked for {', '.join(_TOKENS)}; run HanLP with a tokenizer.")
    sentences = _nested(items(data, key))
    text = field(data, "text", str, "a document") if "text" in data else "".join(map("".join, sentences))
    builder = Builder(read_id(data, default_id), text, report=report)
    tasks = [task for task in data if task.split("/")[0] == "ner"]
    for task in tasks[1:]:
        builder.lose("task", task, f"stands beside {tasks[0]}, which was taken")
    found = _per_sentence(items(data, tasks[0]), len(sentences)) if tasks else [[] for _ in sentences]
    if len(found) != len(sentences):
        raise FormatError(f"{tasks[0]} holds {len(found)} sentences, but {key} holds {len(sentences)}")
    for number, (spans, entities) in enumerate(zip(_locate(sentences, text), found, strict=True)):
        for position, item in enumerate(entities):
            _add(item, spans, builder, f"{tasks[0]}[{number}][{position}]")
    return builder.build()


def _nested(tokens: list[Any]) -> list[list[str]]:
    """Sentences, where there may be one that stands alone."""
    sentences = tokens if any(isinstance(item, list) for item in tokens) else [tokens]
    for sentence in sentences:
        if not isinstance(sentence, list) or not all(isinstance(token, str) for token in sentence):
            raise FormatError("the tokens should be lists of strings, one list a sentence")
    return sentences


def _per_sentence(found: list[Any], sentences: int) -> list[list[Any]]:
    flat = sentences == 1 and all(isinstance(item, list) and item and isinstance(item[0], str) for item in found)
    nested = [found] if flat else found
    for number, entities in enumerate(nested):
        if not isinstance(entities, list):
            raise expected(f"sentence {number} of the entities", "a list", entities)
    return nested


def _locate(sentences: list[list[str]], text: str) -> Iterator[Spans]:
    at = 0
    for number, sentence in enumerate(sentences):
        spans = []
        for token in sentence:
            start = text.find(token, at)
            if start < 0 or text[at:start].strip():
                raise FormatError(f"token {token[:20]!r} of sentence {number} does not follow in the text")
            at = start + len(token)
            spans.append((start, at))
        yield spans


def _add(item: Any, spans: Spans, builder: Builder, where: str) -> None:
    if not isinstance(item, list) or len(item) != 4:
        raise FormatError(f"{where} should be text, label, first token and one past the last")
    named = dict(zip(("text", "label", "start", "end"), item, strict=True))
    first, last = field(named, "start", int, where), field(named, "end", int, where)
    surface, label = field(named, "text", str, where), field(named, "label", str, where)
    if not 0 <= first < last <= len(spans):
        builder.lose("entity", f"{label} {surface!r}", f"spans tokens {first}..{last} of {len(spans)}")
        return
    start, end = spans[first][0], spans[last - 1][1]
    covered = builder.text[start:end]
    same = "".join(covered.split()) == "".join(surface.split())
    builder.add(None, start, end, label, surface=covered if same else surface)

"""spaCy's DocBin, `.spacy`: entities as `doc.ents`, relations where pipelines of this package keep them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from govnews.convert import doc_to_document, document_to_doc
from govnews.errors import FormatError
from govnews.formats.losses import Limits, Loss, Report, fit, refuse, show
from govnews.formats.textfile import read_bytes, replacing
from govnews.records import Document, Section

LIMITS = Limits("DocBin", scores=True, nested=False, edges=False)
SUFFIX = ".spacy"
DOCUMENT_KEY = "govnews.document"


def read_docbin(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read the documents of a DocBin; those from elsewhere are named after the file.

    Args:
        path: A `.spacy` file that you trust: spaCy's reader can run code that a file holds.
        encoding: Not used; there for the sake of one signature.
        report: Told of groups of spans, which are no `doc.ents`.

    Raises:
        FormatError: The file is no DocBin.
    """
    data = read_bytes(path)
    try:
        docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(Vocab()))
    except Exception as error:  # of zlib, msgpack and numpy, whatever a damaged file brings about
        raise FormatError(
            f"is no DocBin, or a damaged one: {type(error).__name__}", path=path, hint="Write it again with spaCy."
        ) from None
    documents: dict[str, Document] = {}
    for number, doc in enumerate(docs, start=1):
        document = _document(doc, f"{Path(path).stem}-{number}")
        if document.id in documents:
            raise FormatError(f"a second document is called {document.id!r}", path=path, hint="Rename one of them.")
        documents[document.id] = document
        for name, group in doc.spans.items():
            if len(group):
                what = f"{name!r} of {len(group)} spans (document {document.id!r})"
                report(Loss("span group", what, "is not read, only doc.ents").at(path))
    return list(documents.values())


def write_docbin(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write documents with characters as tokens, all of them or nothing; training cuts its own tokens."""
    nlp = _characters()
    found = DocBin(store_user_data=True)
    for document in documents:
        fitted = fit(document, LIMITS, report=report)
        if fitted is None:
            continue
        aligned = document_to_doc(fitted, nlp)
        for entity in aligned.lost:
            report(Loss("entity", f"{show(entity, fitted)} (document {fitted.id!r})", "is cut by a token"))
        for relation in aligned.lost_relations:
            report(
                Loss("relation", f"{show(relation, fitted)} (document {fitted.id!r})", "has an argument that is lost")
            )
        if any(entity.score is not None for entity in fitted.entities):
            report(Loss("score", f"of entities (document {fitted.id!r})", "cannot be written in DocBin"))
        aligned.doc.user_data[DOCUMENT_KEY] = {
            "id": fitted.id,
            "meta": dict(fitted.meta),
            "sections": [[s.name, s.start, s.end] for s in fitted.sections],
        }
        found.add(aligned.doc)
    with replacing(path) as part:
        part.write_bytes(found.to_bytes())


@cache
def _characters() -> Language:
    return spacy.blank("zh")


def _document(doc: Doc, default_id: str) -> Document:
    data: dict[str, Any] = doc.user_data.get(DOCUMENT_KEY, {})
    sections = tuple(Section(*section) for section in data.get("sections", ()))
    source = Document(data.get("id", default_id), doc.text, sections=sections, meta=data.get("meta", {}))
    return doc_to_document(doc, source)

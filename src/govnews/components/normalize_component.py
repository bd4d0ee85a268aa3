"""Read the figures and dates of a document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc

from govnews.convert import doc_to_document, get_date, register_extensions, set_period, set_quantity
from govnews.normalize.document import find_anchor, read_periods, read_quantities
from govnews.records import Document, Entity, SentenceIndex


@Language.factory(
    "normalize",
    assigns=["span._.quantity", "span._.period"],
    requires=["doc.ents"],
    retokenizes=False,
)
def make_normalizer(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component that sets `span._.quantity` of each METRIC and `span._.period` of each DATE.

    What cannot be read is an `Unreadable` with its reason. Relative dates count from `doc._.date` where it is
    set before the component runs, else from a date that the text gives.
    """
    register_extensions()
    return normalize


def normalize(doc: Doc) -> Doc:
    """Set `span._.quantity` and `span._.period` on the entities of a `Doc`."""
    document = read_doc(doc)
    quantities = read_quantities(document, SentenceIndex(document.text))
    periods = read_periods(document, find_anchor(document))
    for span in doc.ents:
        entity = Entity(span.start_char, span.end_char, span.label_)
        if entity in quantities:
            set_quantity(span, quantities[entity])
        elif entity in periods:
            set_period(span, periods[entity])
    return doc


def read_doc(doc: Doc) -> Document:
    """What a `Doc` holds as a record, with the date that it was given."""
    day: date | None = get_date(doc)
    return doc_to_document(doc, Document("", doc.text, meta={"date": day.isoformat()} if day else {}))

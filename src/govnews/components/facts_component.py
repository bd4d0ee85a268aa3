"""Find the facts of a document."""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from govnews.components.normalize_component import read_doc
from govnews.convert import register_extensions, set_facts
from govnews.facts import find_facts


@Language.factory(
    "facts",
    assigns=["doc._.facts"],
    requires=["doc.ents", "doc._.relations"],
    retokenizes=False,
)
def make_fact_extractor(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component that sets `doc._.facts`: one `Fact` a METRIC, from its entities and relations.

    Relative dates count from `doc._.date` where it is set before the component runs, else from a date that the
    text gives. It reads figures and dates itself: `normalize` need not run before it.
    """
    register_extensions()
    return extract_facts


def extract_facts(doc: Doc) -> Doc:
    """Set `doc._.facts`."""
    set_facts(doc, find_facts(read_doc(doc)))
    return doc

"""The one bridge between records and spaCy's `Doc`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc, Span

from govnews.errors import GovnewsError
from govnews.facts import Fact
from govnews.normalize.values import Period, Quantity, Unreadable
from govnews.records import Document, Entity, Relation

if TYPE_CHECKING:
    from spacy.language import Language

RELATIONS_KEY = "govnews.relations"
QUANTITIES_KEY = "govnews.quantities"
PERIODS_KEY = "govnews.periods"
FACTS_KEY = "govnews.facts"
DATE_KEY = "govnews.date"
WORDS_KEY = "govnews.words"
LEXICON_KEY = "govnews.lexicon"
TOKENIZER_KEYS = (WORDS_KEY, LEXICON_KEY)
SINGLE, BEGIN, MIDDLE, END = 1, 2, 3, 4
_DECIMALS = ("value", "low", "high", "before")  # of a Quantity
_DAYS = ("start", "end")  # of a Period


@dataclass(frozen=True, slots=True)
class SpanRelation:
    """A relation of a `Doc`: head and tail are spans of it."""

    head: Span
    tail: Span
    label: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Aligned:
    """A `Doc` made from a document, and what its tokens could not carry.

    Args:
        lost: Entities whose edges fall inside a token.
        lost_relations: Relations with such an argument.
    """

    doc: Doc
    lost: tuple[Entity, ...] = field(default=())
    lost_relations: tuple[Relation, ...] = field(default=())


def register_extensions() -> None:
    """Make what govnews stores known to spaCy; loading a govnews pipeline does it too.

    `doc._.relations`, `doc._.words`, `doc._.facts`, `doc._.date`, `span._.quantity` and `span._.period`.
    """
    if not Doc.has_extension("relations"):
        Doc.set_extension("relations", getter=get_relations, setter=set_relations)
    if not Doc.has_extension("words"):
        Doc.set_extension("words", getter=get_words)
    if not Doc.has_extension("facts"):
        Doc.set_extension("facts", getter=get_facts, setter=set_facts)
    if not Doc.has_extension("date"):
        Doc.set_extension("date", getter=get_date, setter=set_date)
    if not Span.has_extension("quantity"):
        Span.set_extension("quantity", getter=get_quantity, setter=set_quantity)
    if not Span.has_extension("period"):
        Span.set_extension("period", getter=get_period, setter=set_period)


def get_relations(doc: Doc) -> list[SpanRelation]:
    """The relations of a `Doc`, best first where they are scored by the same head and tail."""
    relations = []
    for head_start, head_end, head_label, tail_start, tail_end, tail_label, label, score in doc.user_data.get(
        RELATIONS_KEY, ()
    ):
        head = doc.char_span(head_start, head_end, label=head_label)
        tail = doc.char_span(tail_start, tail_end, label=tail_label)
        if head is not None and tail is not None:
            relations.append(SpanRelation(head, tail, label, score))
    return relations


def set_relations(doc: Doc, relations: Iterable[SpanRelation | Relation]) -> None:
    """Store relations in `doc.user_data` as plain values, which every serialization of spaCy keeps."""
    doc.user_data[RELATIONS_KEY] = [
        [*_argument(r.head), *_argument(r.tail), r.label, None if r.score is None else float(r.score)]
        for r in relations
    ]


def get_facts(doc: Doc) -> list[Fact]:
    """The facts of a `Doc`, in text order; none where no `facts` component ran."""
    return [Fact(**values) for values in doc.user_data.get(FACTS_KEY, ())]


def set_facts(doc: Doc, facts: Iterable[Fact]) -> None:
    """Store facts in `doc.user_data` as plain values, which every serialization of spaCy keeps."""
    doc.user_data[FACTS_KEY] = [asdict(fact) for fact in facts]


def get_date(doc: Doc) -> date | None:
    """The day a `Doc` was written, where it was told."""
    day = doc.user_data.get(DATE_KEY)
    return None if day is None else date.fromisoformat(day)


def set_date(doc: Doc, day: date | str | None) -> None:
    """Tell the day a `Doc` was written: relative dates count from it."""
    doc.user_data[DATE_KEY] = None if day is None else date.fromisoformat(str(day)).isoformat()


def get_quantity(span: Span) -> Quantity | Unreadable | None:
    """What a METRIC says; None where it was not read."""
    values = span.doc.user_data.get(QUANTITIES_KEY, {}).get(_place(span))
    if not isinstance(values, dict):
        return None if values is None else Unreadable(values)
    read: dict[str, Any] = {name: Decimal(v) if v and name in _DECIMALS else v for name, v in values.items()}
    return Quantity(**read)


def set_quantity(span: Span, quantity: Quantity | Unreadable) -> None:
    """Store what a METRIC says in `doc.user_data` as plain values."""
    span.doc.user_data.setdefault(QUANTITIES_KEY, {})[_place(span)] = _plain(quantity)


def get_period(span: Span) -> Period | Unreadable | None:
    """When a DATE is; None where it was not read."""
    values = span.doc.user_data.get(PERIODS_KEY, {}).get(_place(span))
    if not isinstance(values, dict):
        return None if values is None else Unreadable(values)
    read: dict[str, Any] = {name: date.fromisoformat(v) if v and name in _DAYS else v for name, v in values.items()}
    return Period(**read)


def set_period(span: Span, period: Period | Unreadable) -> None:
    """Store when a DATE is in `doc.user_data` as plain values."""
    span.doc.user_data.setdefault(PERIODS_KEY, {})[_place(span)] = _plain(period)


def _place(span: Span) -> str:
    return f"{span.start_char}:{span.end_char}"


def _plain(value: Quantity | Period | Unreadable) -> dict[str, Any] | str:
    if isinstance(value, Unreadable):
        return value.reason
    return {name: str(v) if isinstance(v, Decimal | date) else v for name, v in asdict(value).items()}


def get_words(doc: Doc) -> list[str]:
    """The words pkuseg finds in the text; the tokens themselves where no segmenter ran."""
    return [doc[start:end].text for start, end in word_spans(doc)]


def word_spans(doc: Doc) -> list[tuple[int, int]]:
    """The words pkuseg finds, as half-open token offsets; the tokens themselves where no segmenter ran."""
    tags = doc.user_data.get(WORDS_KEY)
    if tags is None or len(tags) != len(doc):
        return [(token.i, token.i + 1) for token in doc if not token.is_space]
    spans = []
    start = 0
    for at, tag in enumerate(tags):
        if tag in (SINGLE, BEGIN):
            start = at
        if tag in (SINGLE, END):
            spans.append((start, at + 1))
    return spans


def document_to_doc(document: Document, nlp: Language, *, split_tokens: bool = False) -> Aligned:
    """Make a `Doc` with gold entities and relations on it, tokenised as the pipeline does.

    Args:
        document: Text with what is marked in it.
        nlp: Pipeline whose tokenizer is used; its components do not run.
        split_tokens: Whether tokens are cut where entities begin and end, for components that are given the entities:
            none is lost then.

    Raises:
        GovnewsError: Two entities overlap.
    """
    register_extensions()
    for first, second in pairwise(document.entities):
        if second.start < first.end:
            raise GovnewsError(
                f"document {document.id!r}: {second.label} {document.surface(second)!r} overlaps "
                f"{first.label} {document.surface(first)!r}",
                hint="A pipeline's entities are flat: run `govnews corpus check` on the file.",
            )
    doc = nlp.make_doc(document.text)
    if split_tokens:
        doc = _split_tokens(doc, {edge for e in document.entities for edge in (e.start, e.end)})
    spans = {e: doc.char_span(e.start, e.end, label=e.label) for e in document.entities}
    # spaCy's entity recogniser cannot learn spans with white space at their edges
    lost = {e: None for e, span in spans.items() if span is None or span.text != span.text.strip()}
    doc.set_ents([span for e, span in spans.items() if e not in lost and span is not None])
    kept = [r for r in document.relations if r.head not in lost and r.tail not in lost]
    set_relations(doc, kept)
    dropped = tuple(r for r in document.relations if r.head in lost or r.tail in lost)
    return Aligned(doc, tuple(lost), dropped)


def _split_tokens(doc: Doc, edges: set[int]) -> Doc:
    words, spaces = [], []
    for token in doc:
        inside = [edge - token.idx for edge in range(token.idx + 1, token.idx + len(token)) if edge in edges]
        words += [token.text[start:end] for start, end in pairwise([0, *inside, len(token)])]
        spaces += [False] * len(inside) + [bool(token.whitespace_)]
    return doc if len(words) == len(doc) else Doc(doc.vocab, words=words, spaces=spaces, user_data=doc.user_data)


def doc_to_document(doc: Doc, source: Document) -> Document:
    """The entities and relations of a `Doc` as a record with the source's identity."""
    entities = [Entity(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    relations = [Relation(_entity(r.head), _entity(r.tail), r.label, r.score) for r in get_relations(doc)]
    return replace(source, text=doc.text, entities=tuple(entities), relations=tuple(relations))


def _entity(span: Span) -> Entity:
    return Entity(span.start_char, span.end_char, span.label_)


def _argument(argument: Span | Entity) -> tuple[int, int, str]:
    entity = _entity(argument) if isinstance(argument, Span) else argument
    return entity.start, entity.end, entity.label

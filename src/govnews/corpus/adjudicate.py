"""Make one annotation of several readings: what they share is settled, the rest is left to a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from govnews.corpus.agree import Aligned
from govnews.corpus.differences import group_entities
from govnews.errors import GovnewsError
from govnews.formats.drafts import NOTHING, format_alternatives
from govnews.formats.inline import cut_spans, format_inline, lay_out, mark_spans
from govnews.records import Document, Entity


@dataclass(frozen=True, slots=True)
class Draft:
    """An inline file with decisions to make, as `formats.drafts` says.

    Args:
        text: What stands in it.
        decisions: How many are open.
    """

    text: str
    decisions: int


def draft_decisions(documents: Sequence[Aligned], names: Sequence[str]) -> Draft:
    """Settle what readings share and put the alternatives where they part.

    Two readings of one place give its spans one name, so that a relation that all of them have is settled whichever
    of the spans is chosen. Metadata that differ are left out.

    Args:
        documents: Each document as every reading has it.
        names: Of the readings.

    Raises:
        GovnewsError: A reading holds what the inline format cannot carry, or sections differ.
    """
    texts, decisions = [], 0
    for aligned in documents:
        for reading in aligned:
            format_inline(reading)  # refuses what cannot be carried
            if reading.sections != aligned[0].sections:
                raise GovnewsError(
                    f"the readings of document {reading.id!r} have other sections",
                    hint="Give all of them the sections of the first.",
                )
        bare = [replace(reading, sections=()) for reading in aligned]
        shared = {
            key: value for key, value in aligned[0].meta.items() if all(r.meta.get(key) == value for r in aligned)
        }
        paragraphs: list[_Paragraph] = []

        def format_part(start: int, end: int, bare: Aligned = tuple(bare), done: list[_Paragraph] = paragraphs) -> str:
            done.append(_Paragraph([reading.cut(start, end) for reading in bare], names))
            return done[-1].format()

        texts.append(lay_out(replace(aligned[0], meta=shared), format_part))
        decisions += sum(paragraph.decisions for paragraph in paragraphs)
    return Draft("\n".join(texts), decisions)


class _Paragraph:
    """One paragraph as every reading has it, and what is to be decided in it."""

    def __init__(self, readings: Sequence[Document], names: Sequence[str]) -> None:
        self.readings = readings
        self.names = names
        self.decisions = 0
        self.spans: list[tuple[int, int, str]] = []
        self.called: list[dict[Entity, str]] = [{} for _ in readings]  # the names of the spans of each reading
        self.lines: list[str] = []

    def format(self) -> str:
        counts: Counter[str] = Counter()
        for place in group_entities([reading.entities for reading in self.readings]):
            self._call(place, counts)
            self._mark(place)
        line = mark_spans(cut_spans(self.readings[0].text, self.spans))
        return "\n".join([line, *self._relations(), *self.lines])

    def _call(self, place: list[list[Entity]], counts: Counter[str]) -> None:
        """Name the spans of a place: the first METRIC of each reading is the same one, and so on."""
        most: Counter[str] = Counter()
        for called, entities in zip(self.called, place, strict=True):
            seen: Counter[str] = Counter()
            for entity in entities:
                seen[entity.label] += 1
                called[entity] = f"{entity.label}{counts[entity.label] + seen[entity.label]}"
            most |= seen
        counts += most

    def _mark(self, place: list[list[Entity]]) -> None:
        if all(entities == place[0] for entities in place):
            self.spans += [(e.start, e.end, self.called[0][e]) for e in place[0]]
            return
        every = [entity for entities in place for entity in entities]
        start, end = min(e.start for e in every), max(e.end for e in every)
        text = self.readings[0].text[start:end]
        contents = {
            name: mark_spans(cut_spans(text, ((e.start - start, e.end - start, called[e]) for e in entities)))
            for name, called, entities in zip(self.names, self.called, place, strict=True)
        }
        self._decide(contents)
        self.spans.append((start, end, f"?{self.decisions}"))

    def _relations(self) -> list[str]:
        """The relations that are settled; alternatives go under them.

        Only who has both arguments has a say on what joins them.
        """
        groups: dict[tuple[str, ...], list[dict[str, int]]] = defaultdict(lambda: [{} for _ in self.readings])
        for number, (reading, called) in enumerate(zip(self.readings, self.called, strict=True)):
            for position, relation in enumerate(reading.relations):
                head, tail = called[relation.head], called[relation.tail]
                groups[tuple(sorted((head, tail)))][number][f"> {head} {relation.label} {tail}"] = position
        known = [set(called.values()) for called in self.called]
        settled = []
        for arguments, found in groups.items():
            voices = [number for number, names in enumerate(known) if names.issuperset(arguments)]
            first = found[voices[0]]
            if all(found[number].keys() == first.keys() for number in voices):
                settled += [(voices[0], position, line) for line, position in first.items()]
            else:
                self._decide({self.names[number]: "; ".join(found[number]) or NOTHING for number in voices})
        return [line for _, _, line in sorted(settled)]

    def _decide(self, contents: dict[str, str]) -> None:
        self.decisions += 1
        self.lines += format_alternatives(self.decisions, contents)

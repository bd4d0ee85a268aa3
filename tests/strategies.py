"""Hypothesis strategies shared by tests."""

from itertools import pairwise

from hypothesis import strategies as st

from govnews.records import SIGNATURES, Document, Entity, Relation, Section

CHARACTERS = "雨湖区今年5项1A。！，、《》“”：:/{}#> \t\r\n\u3000\x85\u2028\ufeff😀𠮷👨‍👩‍👧é́-_\\\"'"
"""What has broken readers and writers before: markup, line ends, spaces, marks, code points beyond 16 bits."""

texts = st.text(st.sampled_from(CHARACTERS), max_size=40)
lines = st.text(st.sampled_from(CHARACTERS.replace("\n", "").replace("\r", "")), max_size=10)
labels = st.sampled_from(["ORG", "METRIC", "PROGRAM", "DATE", "A_B", "机构"])


@st.composite
def spans(draw, text, *, within_lines=True):
    """Flat entities of a text, in order."""
    found = []
    position = 0
    while position < len(text) and draw(st.booleans()):
        start = draw(st.integers(position, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if within_lines and "\n" in text[start:end]:
            break
        found.append(Entity(start, end, draw(labels)))
        position = end
    return found


@st.composite
def documents(draw, *, text=texts):
    """Documents that every format can carry."""
    text = draw(text)
    entities = draw(spans(text))
    pairs = [
        (head, tail)
        for head in entities
        for tail in entities
        if head != tail and "\n" not in text[min(head.start, tail.start) : max(head.end, tail.end)]
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=5)) if pairs else []
    relations = [Relation(head, tail, draw(st.sampled_from(list(SIGNATURES)))) for head, tail in chosen]
    sections = ()
    if draw(st.booleans()):
        starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n" and draw(st.booleans()))]
        sections = [Section(f"节 {a}", a, b - 1) for a, b in pairwise([*starts, len(text) + 1])]
    meta = {"date": "2024-12-20", "title": draw(lines).strip()}
    return Document("雨湖 2024", text, tuple(entities), tuple(relations), tuple(sections), meta)


@st.composite
def readings(draw):
    """Two readings of one text: a gold document and a prediction."""
    text = draw(st.text(st.sampled_from("雨湖区一二三。"), min_size=1, max_size=15))
    return tuple(
        Document(
            "a",
            text,
            tuple(entities := draw(spans(text))),
            tuple(
                Relation(head, tail, "RUNS")
                for head in entities
                for tail in entities
                if head != tail and draw(st.booleans())
            ),
        )
        for _ in range(2)
    )

from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.formats.inline import *
from govnews.records import *

chars = st.sampled_from(list("雨湖区{}#> \r\n\t5😀𠮷:1A。\u3000\x85\u2028"))


@st.composite
def documents(draw):
    text = "".join(draw(st.lists(chars, max_size=40)))
    ents = []
    pos = 0
    while pos < len(text) and draw(st.booleans()):
        a = draw(st.integers(pos, len(text) - 1))
        b = draw(st.integers(a + 1, len(text)))
        if "\n" in text[a:b]:
            break
        ents.append(Entity(a, b, draw(st.sampled_from(["ORG", "METRIC", "A_B"]))))
        pos = b
    rels = set()
    for h in ents:
        for t in ents:
            if h != t and "\n" not in text[min(h.start, t.start) : max(h.end, t.end)] and draw(st.booleans()):
                rels.add(Relation(h, t, "RUNS"))
    secs = ()
    starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]
    if draw(st.booleans()):
        use = [s for s in starts if s == 0 or draw(st.booleans())]
        ends = [s - 1 for s in use[1:]] + [len(text)]
        secs = tuple(Section(f"s{i}", a, b) for i, (a, b) in enumerate(zip(use, ends)))
    return Document("d", text, tuple(ents), tuple(rels), secs, {"date": "2024-01-01"})


@settings(max_examples=3000, deadline=None)
@given(documents())
def test_round(doc):
    out = format_inline(doc)
    p = parse_inline(out)
    assert not p.problems, (out, p.problems)
    assert p.documents == [doc]
    p = parse_inline(out.replace("\n", "\r\n"))
    if "\r" not in doc.text:
        assert p.documents == [doc]


def test_real():
    import glob
    from pathlib import Path

    for f in glob.glob("/work/shared/data/real_dev/*.ann"):
        raw = Path(f).read_text()
        d = read_inline(f)
        assert format_inline(d[0]).split() == raw.split(), f

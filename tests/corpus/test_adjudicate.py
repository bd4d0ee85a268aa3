"""Drafts of several readings: what is settled, what is asked, and what a choice gives."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.corpus.adjudicate import draft_decisions
from govnews.errors import FormatError, GovnewsError
from govnews.formats.drafts import settle_draft
from govnews.formats.inline import format_inline, parse_inline
from govnews.records import Document, Entity, Relation, Section
from strategies import documents, readings

A = """\
# doc: yuhu
# date: 2024-12-20
# annotator: a

{DATE1:今年}，{ORG1:雨湖区}新增{METRIC1:学位3700余个}。
> ORG1 HAS_METRIC METRIC1
> METRIC1 HAS_DATE DATE1

{ORG1:雨湖区}开展{PROGRAM1:“向阳花”行动}。
"""
B = """\
# doc: yuhu
# date: 2024-12-20
# annotator: b

{DATE1:今年}，{ORG1:雨湖区}{METRIC1:新增学位3700余个}。
> ORG1 HAS_METRIC METRIC1

{ORG1:雨湖区}开展{PROGRAM1:“向阳花”}行动。
> ORG1 RUNS PROGRAM1
"""
DRAFT = """\
# doc: yuhu
# date: 2024-12-20

{DATE1:今年}，{ORG1:雨湖区}{?1:新增学位3700余个}。
> ORG1 HAS_METRIC METRIC1
? 1 a: 新增{METRIC1:学位3700余个}
? 1 b: {METRIC1:新增学位3700余个}
? 2 a: > METRIC1 HAS_DATE DATE1
? 2 b: -

{ORG1:雨湖区}开展{?1:“向阳花”行动}。
? 1 a: {PROGRAM1:“向阳花”行动}
? 1 b: {PROGRAM1:“向阳花”}行动
? 2 a: -
? 2 b: > ORG1 RUNS PROGRAM1
"""


def read(*texts):
    parsed = [parse_inline(text) for text in texts]
    assert not any(one.problems for one in parsed)
    return [tuple(one.documents[0] for one in parsed)]


def choose(draft, reader):
    """Make every decision as one reader has it, as a person would in an editor."""
    return re.sub(rf"^\?(?= \d+ ([^:]*, )?{reader}[,:])", "!", draft, flags=re.MULTILINE)


def settle(draft):
    documents, problems = settle_draft(draft, path="draft.ann")
    assert [str(problem) for problem in problems] == []
    return documents


def test_a_draft_settles_what_is_shared_and_asks_the_rest():
    draft = draft_decisions(read(A, B), ["a", "b"])
    assert draft.text == DRAFT
    assert draft.decisions == 4


def test_a_draft_is_refused_by_the_inline_format_once_a_decision():
    problems = parse_inline(DRAFT, path="draft.ann").problems
    assert [(p.line, p.message) for p in problems] == [
        (4, "decision 1 is open"),
        (8, "decision 2 is open"),
        (11, "decision 1 is open"),
        (14, "decision 2 is open"),
    ]


def test_finishing_tells_what_is_open_with_who_has_what():
    draft = DRAFT.replace("? 1 b: {METRIC1", "! 1 b: {METRIC1")
    problems = settle_draft(draft, path="draft.ann")[1]
    assert [(p.place, p.message) for p in problems] == [
        ("draft.ann:8", "decision 2 is open: a has > METRIC1 HAS_DATE DATE1; b has -"),
        ("draft.ann:12", "decision 1 is open: a has {PROGRAM1:“向阳花”行动}; b has {PROGRAM1:“向阳花”}行动"),
        ("draft.ann:14", "decision 2 is open: a has -; b has > ORG1 RUNS PROGRAM1"),
    ]


@pytest.mark.parametrize("reader", ["a", "b"])
def test_following_one_reader_everywhere_gives_that_reading(reader):
    [document] = settle(choose(DRAFT, reader))
    [(a, b)] = read(A, B)
    expected = a if reader == "a" else b
    assert (document.entities, document.relations) == (expected.entities, expected.relations)
    assert dict(document.meta) == {"date": "2024-12-20"}


def test_neither_is_right_and_the_markup_of_the_chosen_line_is_changed():
    draft = choose(DRAFT, "a").replace("{PROGRAM1:“向阳花”行动}\n?", "{PROGRAM1:“向阳花”行}动\n?")
    [document] = settle(draft)
    assert document.surface(document.entities[-1]) == "“向阳花”行"


def test_full_width_marks_do_as_well():
    assert settle(choose(DRAFT, "b").replace("! 1 b: ", "！ 1 b：")) == settle(choose(DRAFT, "b"))


def test_a_place_marked_by_hand_needs_no_lines():
    lines = [line for line in choose(DRAFT, "b").splitlines() if not line.startswith(("? 1", "! 1"))]
    draft = (
        "\n".join(lines).replace("{?1:新增学位3700余个}", "新增学位{METRIC1:3700余个}").replace("{?1:", "{PROGRAM1:")
    )
    [document] = settle(draft)
    assert [document.surface(e) for e in document.entities] == ["今年", "雨湖区", "3700余个", "雨湖区", "“向阳花”行动"]
    assert len(document.relations) == 2


def test_relations_of_a_span_nobody_chose_go_and_are_not_asked_for():
    org, metric = Entity(0, 3, "ORG"), Entity(3, 7, "METRIC")
    text = "雨湖区增长8%"
    full = Document("a", text, (org, metric), (Relation(org, metric, "HAS_METRIC"),))
    parted = replace(full, relations=())
    without = Document("a", text, (org,))
    draft = draft_decisions([(full, parted, without)], ["a", "b", "c"]).text
    assert "? 1 a, b: {METRIC1:增长8%}\n? 1 c: 增长8%\n? 2 a: > ORG1 HAS_METRIC METRIC1\n? 2 b: -\n" in draft
    assert settle(draft.replace("? 1 c", "! 1 c")) == [without]
    one = draft_decisions([(full, without)], ["a", "c"])
    assert one.decisions == 1
    assert "\n> ORG1 HAS_METRIC METRIC1\n? 1 a: {METRIC1:增长8%}\n" in one.text
    assert settle(one.text.replace("? 1 c", "! 1 c")) == [without]
    assert settle(one.text.replace("? 1 a", "! 1 a")) == [full]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("! 1 a: 新增", "! 1 a: 新曾", 6, "decision 1 reads '新曾学位3700余个', but the paragraph has"),
        ("? 1 b: {M", "! 1 b: {M", 7, "decision 1 is made twice"),
        ("{?1:新增学位3700余个}", "新增学位3700余个", 6, "decision 1 has lines, but the paragraph has no {?1:...}"),
        (r"[?!] 1 \w: .*位.*\n", "", 4, "decision 1 has no lines"),
        ("新增{METRIC1:学位", "新增{METRIC1学位", 6, "found a lone '{'"),
        ("{METRIC1:学位3700余个}", "{ORG1:学位3700余个}", 4, "ORG1 stands twice in one paragraph"),
        ("{METRIC1:", "{METRIC9:", 5, "relation argument METRIC1 is no span of the paragraph above"),
        ("> METRIC1 HAS_DATE DATE1", "> METRIC1 HAS_DATE", 8, "expected `> HEAD LABEL TAIL`"),
        ("{DATE1:今年}", "{DATE1:今年", 4, "is still open where"),
        ("! 2 a: -", "! x a: -", 14, "found a second line of text in one block"),
        ("! 1 a: {PROGRAM1", "# 1 a: {PROGRAM1", 11, "decision 1 has no lines"),
        ("# doc: yuhu", "# date: yuhu", 1, "before any document"),
    ],
)
def test_slips_in_a_draft_are_told_with_their_line(old, new, line, message):
    good = choose(DRAFT, "a")
    changed = re.sub(old, new, good) if "\\" in old else good.replace(old, new)
    assert changed != good
    problems = settle_draft(changed, path="draft.ann")[1]
    assert line in [p.line for p in problems if message in p.message], [str(p) for p in problems]


@settings(deadline=None)
@given(readings(), st.sampled_from("ab"))
def test_following_any_reader_gives_that_reading_whatever_it_holds(pair, reader):
    draft = draft_decisions([pair], ["a", "b"])
    assert settle(choose(draft.text, reader)) == [pair["ab".index(reader)]]
    assert (draft.decisions == 0) == (pair[0] == pair[1])
    assert bool(parse_inline(draft.text).problems) == bool(draft.decisions)


@settings(deadline=None, max_examples=50)
@given(documents())
def test_readings_that_agree_give_the_settled_file_itself(document):
    draft = draft_decisions([(document, document, document)], ["a", "b", "c"])
    assert draft.text == format_inline(document)
    assert settle(draft.text) == [document]


@settings(deadline=None, max_examples=50)
@given(documents(), st.data())
def test_any_text_and_markup_survives_a_decision(document, data):
    bare = replace(document, entities=(), relations=())
    kept = data.draw(st.lists(st.sampled_from(document.entities), unique=True)) if document.entities else []
    other = replace(bare, entities=tuple(kept))
    draft = draft_decisions([(document, other, bare)], ["a", "b", "c"]).text
    for reader, expected in {"a": document, "b": other, "c": bare}.items():
        assert settle(choose(draft, reader)) == [expected]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*DRAFT.splitlines(), "", "! 1 a: {METRIC1:学", "! 1: -", "! 2 a: > ORG1", "{?1:}", "{?"]))
)
def test_whatever_is_left_of_a_draft_is_read_or_told(lines):
    documents, problems = settle_draft("\n".join(lines), path="draft.ann")
    assert documents or problems
    assert all(p.hint and 1 <= p.line <= len(lines) + 1 for p in problems)
    assert [p.line for p in problems] == sorted(p.line for p in problems)


def test_a_paragraph_of_many_decisions_takes_no_time(quick):
    entities = [Entity(3 * n, 3 * n + 3, "ORG") for n in range(5_000)]
    relations = [Relation(a, b, "PART_OF") for a, b in pairwise(entities)]
    first = Document("a", "雨湖区" * 5_000, tuple(entities), tuple(relations))
    shorter = [Entity(e.start, e.end - 1, "ORG") for e in entities]
    second = replace(first, entities=tuple(shorter), relations=())
    draft = draft_decisions([(first, second)], ["a", "b"])
    assert draft.decisions == 5_000 + 4_999
    assert settle(choose(draft.text, "a")) == [first]


def test_what_no_draft_can_carry_is_refused():
    good = Document("a", "雨湖区", (Entity(0, 3, "ORG"),))
    with pytest.raises(FormatError, match="overlapping entities"):
        draft_decisions([(good, replace(good, entities=(Entity(0, 2, "ORG"), Entity(1, 3, "ORG"))))], ["a", "b"])
    with pytest.raises(GovnewsError, match="have other sections"):
        draft_decisions([(good, replace(good, sections=(Section("s", 0, 3),)))], ["a", "b"])

import re
from datetime import date
from decimal import Decimal

import pytest

from govnews.normalize.document import find_anchor, read_periods, read_quantities
from govnews.records import Document, Entity, SentenceIndex

ANCHOR = date(2024, 12, 20)


def mark(marked, label, **meta):
    """A document whose entities stand in brackets: 〔2024年〕."""
    text, entities = "", []
    for part in re.split("(〔.*?〕)", marked):
        if part.startswith("〔"):
            entities.append(Entity(len(text), len(text) + len(part) - 2, label))
        text += part.strip("〔〕")
    return Document("a", text, tuple(entities), meta=meta)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        # a year that was spoken of is lent to what follows in its paragraph, and no further
        ("〔去年〕增长，〔上年同期〕下降。", ["2023-12-31", "2022-12-31"]),
        # what is only a base of comparison lends nothing
        ("〔今年〕比〔2019年〕增长，〔上年〕下降。", ["2024-12-31", "2019-12-31", "2023-12-31"]),
        ("〔6月〕较〔去年同期〕多，〔同月〕开工。", ["2024-06-30", "2023-06-30", "2024-06-30"]),
    ],
)
def test_dates_lean_on_those_before_them(text, ends):
    periods = read_periods(mark(text, "DATE"), ANCHOR)
    assert [str(period.end) for period in periods.values()] == ends


@pytest.mark.parametrize(
    ("text", "start"),
    [("〔3月〕开工。", 2024), ("力争〔3月〕开工。", 2025), ("计划于〔3月〕开工。", 2025), ("〔3月〕前开工。", 2025),
     ("将扩建，〔3月〕开工。", 2024)],
)  # fmt: skip
def test_words_of_the_clause_tell_what_lies_ahead(text, start):
    [period] = read_periods(mark(text, "DATE"), ANCHOR).values()
    assert period.start == date(start, 3, 1)


def test_the_words_before_a_figure_tell_targets():
    document = mark("〔120家〕企业，力争〔增长7%〕。预计。〔8%〕。", "METRIC")
    quantities = list(read_quantities(document, SentenceIndex(document.text)).values())
    assert [(q.value, q.status) for q in quantities] == [
        (Decimal(120), "achieved"), (Decimal(7), "target"), (Decimal(8), "achieved")]  # fmt: skip


@pytest.mark.parametrize(
    ("meta", "expected"),
    [({"date": "2024-12-20"}, ANCHOR), ({}, date(2023, 1, 5)), ({"date": "soon"}, date(2023, 1, 5))],
)
def test_a_document_counts_from_its_own_date_and_else_from_one_in_its_text(meta, expected):
    assert find_anchor(Document("a", "政府工作报告\n（2023年1月5日）\n各位代表：", meta=meta)) == expected

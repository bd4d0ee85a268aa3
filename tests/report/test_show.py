"""The page to read documents with: what it holds, that it needs nothing else, and that no text can break it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from govnews.corpus.layout import repair_layout
from govnews.facts import FIELDS, Fact
from govnews.records import Document, Entity, Relation
from govnews.report import show
from govnews.report.show import show_page
from govnews.report.values import show_number, show_period, show_value


class Page(HTMLParser):
    """The marks, rows, links and data of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.marks, self.rows, self.links, self.text, self.json, self._open = [], [], [], [], "", "", []
        self.feed(html)
        self.data = json.loads(self.json)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._open.append((tag, attributes))
        self.links += [attributes[name] for name in ("src", "href", "action") if name in attributes]
        if tag == "mark":
            self.marks.append([attributes, ""])
        if tag == "tr" and "data-metric" in attributes:
            self.rows.append(attributes)

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tag, attributes = self._open[-1] if self._open else ("", {})
        if tag == "mark":
            self.marks[-1][1] += data
        if attributes.get("id") == "data":
            self.json += data
        if any(name == "article" for name, _ in self._open):
            self.text += data


def test_every_entity_is_marked_and_every_figure_has_a_row(ten):
    page = Page(show_page([ten], title="十句"))
    assert [text for _, text in page.marks] == [ten.surface(entity) for entity in ten.entities]
    figures = [attributes for attributes, _ in page.marks if attributes["class"] == "METRIC"]
    assert [row["data-metric"] for row in page.rows] == [attributes["id"] for attributes in figures]
    assert [row["id"] for row in page.rows] == [attributes["data-fact"] for attributes in figures]
    assert len(page.data["relations"]) == len(ten.relations)
    assert page.data["fields"] == list(FIELDS)
    assert "地区生产总值86.4亿元" in page.data["rows"][0]


def test_the_text_is_whole(ten):
    shown = re.sub(r"\s", "", Page(show_page([ten], title="十句")).text)
    assert re.sub(r"\s", "", ten.text) in shown


def test_the_page_needs_nothing_else(ten):
    html = show_page([ten], title="十句")
    assert {link for link in Page(html).links if not link.startswith("#")} == set()
    assert not re.search(r"https?://(?!www\.w3\.org/)|@import|url\(", html)


@pytest.mark.parametrize(
    "bad", ["<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", '"><b>', "{{ 7 * 7 }}"]
)
def test_no_text_can_break_the_page(bad):
    text = f"{bad}新增{bad}5个"
    start = text.rindex(bad)
    figure = Entity(start, len(text), "METRIC")
    org = Entity(0, len(bad), 'O"><script>')
    document = Document(bad, text, (org, figure), (Relation(org, figure, bad),), meta={"title": bad, "date": bad})
    html = show_page([document, replace(document, id="b")], title=bad)
    page = Page(html)
    assert [name for name, _ in page.tags].count("script") == 2
    assert not {"img", "b"} & {name for name, _ in page.tags}
    assert not [attributes for _, attributes in page.tags if "onerror" in attributes]
    assert bad in page.text
    assert "49" not in page.text


def test_entities_that_overlap_are_cut_not_lost():
    document = Document("a", "青禾县项目5个", (Entity(0, 5, "ORG"), Entity(3, 7, "METRIC"), Entity(4, 5, "X")))
    page = Page(show_page([document], title="t"))
    assert [text for _, text in page.marks] == ["青禾县项目", "5个"]
    assert len(page.rows) == 1


def test_code_points_beyond_16_bits_do_not_move_marks():
    document = Document("a", "😀𠮷项目5个", (Entity(2, 6, "METRIC"),))
    assert [text for _, text in Page(show_page([document], title="t")).marks] == ["项目5个"]


def test_the_layout_is_shown_and_rows_count_in_the_file():
    repaired = repair_layout(
        "青禾县奋进\n\n园区投产，它为对外\n\n— 3 —\n\n开放新增项目5个。未来可期，前景广阔，大家同心。"
    )
    start = repaired.text.index("项目5个")
    document = Document("a", repaired.text, (Entity(start, start + 4, "METRIC"),))
    page = Page(show_page([document], title="t", pages={"a": repaired}))
    assert {attributes.get("class") for name, attributes in page.tags if name == "p"} > {"furniture"}
    row = dict(zip(page.data["fields"], page.data["rows"][0], strict=True))
    assert repaired.raw[row["raw_start"] : row["raw_end"]] == "项目5个"


def test_several_documents_share_a_page_up_to_a_size(ten, monkeypatch):
    documents = [replace(ten, id=str(number)) for number in range(3)]
    assert len({attributes["id"] for attributes, _ in Page(show_page(documents, title="t")).marks}) == 3 * len(
        ten.entities
    )
    monkeypatch.setattr(show, "MAX_CHARS", 2 * len(ten.text))
    assert "1 more documents are left out" in show_page(documents, title="t")


@pytest.mark.parametrize("document", [Document("a", ""), Document("a", "没有什么。")])
def test_nothing_found_is_no_special_case(document):
    assert "0 facts" in show_page([document], title="t")


def fact(**values):
    return Fact("a", "", "", 0, 0, **values)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"value": 2_654_000_000, "unit": "CNY", "kind": "amount"}, "26.54亿元"),
        ({"value": 12, "unit": "item", "classifier": "家", "bound": "about"}, "≈ 12家"),
        ({"value": -3.2, "unit": "%", "direction": "down"}, "▼ 3.2%"),
        ({"value": 3, "unit": "rank", "kind": "rank"}, "第 3位"),
        ({"value": 19, "unit": "rank", "kind": "rank", "direction": "up"}, "▲ 19位"),
        ({"low": 2, "high": 3, "unit": "person", "bound": "range"}, "2–3人"),
        ({"low": 2, "unit": "person"}, "≥ 2人"),
        ({"high": 0, "unit": "person"}, "≤ 0人"),
        ({"value": 12, "before": 66, "unit": "household"}, "66 → 12户"),
        ({"value": 5, "unit": "furlong"}, "5furlong"),
        ({}, ""),
    ],
)
def test_a_value_is_shown_short(values, shown):
    assert show_value(fact(**values)) == shown


def test_a_number_keeps_its_digits():
    assert [show_number(n) for n in (0, 9999, 10_000, 123_456_789, -50_000)] == [
        "0",
        "9999",
        "1万",
        "1.23456789亿",
        "-5万",
    ]


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2024-01-01", "2024-12-31", "2024"),
        ("2021-01-01", "2025-12-31", "2021 – 2025"),
        ("2024-11-01", "2024-11-30", "2024-11"),
        ("2024-11-30", "2024-11-30", "2024-11-30"),
        ("2024-01-01", "2024-06-15", "2024-01-01 – 2024-06-15"),
        (None, "2024-06-15", "– 2024-06-15"),
        ("2024-06-15", None, "2024-06-15 –"),
        (None, None, ""),
    ],
)
def test_a_period_is_shown_short(start, end, shown):
    assert show_period(fact(period_start=start, period_end=end)) == shown

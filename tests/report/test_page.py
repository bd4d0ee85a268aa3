"""The report as a page: what it holds, that it needs nothing else, and that no text can break it."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from govnews.comparison import compare
from govnews.curve import Curve, CurvePoint
from govnews.evaluation import Evaluation
from govnews.records import Document, Entity, Relation
from govnews.report.browser import evaluation_sentences
from govnews.report.page import comparison_page, evaluation_page

TEXT = "青禾县😀实施清流行动。新增学位300个。\n没有什么。"
ORG, PROGRAM, METRIC = Entity(0, 3, "ORG"), Entity(6, 10, "PROGRAM"), Entity(13, 19, "METRIC", 0.9)
GOLD = Document("a", TEXT, (ORG, PROGRAM, METRIC), (Relation(ORG, PROGRAM, "RUNS"),))


class Page(HTMLParser):
    """The parts of a page that tests look at."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.links, self.data, self._inside = [], [], "", None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self._inside = attributes.get("id")
        self.links += [value for name, value in attrs if name in {"src", "href", "action", "data"} and value]

    def handle_data(self, data):
        if self._inside == "data":
            self.data += data

    def handle_endtag(self, tag):
        self._inside = None


def sentences(html):
    return json.loads(Page(html).data)


def evaluate(*found):
    return Evaluation(((GOLD, Document("a", TEXT, found)),))


def test_only_sentences_with_an_error_are_shown_and_offsets_are_theirs():
    [first] = sentences(evaluation_page(evaluate(ORG, METRIC), title="t"))
    assert first["document"] == "a"
    assert first["start"] == 0
    assert first["text"] == "青禾县😀实施清流行动。"
    gold, predicted = first["rows"]
    assert gold == {
        "name": "gold",
        "entities": [[0, 3, "ORG", True], [6, 10, "PROGRAM", False]],
        "relations": [[0, 1, "RUNS", False]],
    }
    assert predicted == {"name": "predicted", "entities": [[0, 3, "ORG", True]], "relations": []}
    assert first["marks"] == [["missed", "PROGRAM"], ["relation missed: argument missed", "RUNS"]]


def test_every_kind_of_error_can_be_filtered():
    wrong = [Entity(0, 2, "ORG"), Entity(6, 10, "ORG"), METRIC, Entity(21, 23, "DATE")]
    [first, third] = sentences(evaluation_page(evaluate(*wrong), title="t"))
    assert {kind for kind, _ in first["marks"]} == {"boundary", "type", "relation missed: argument missed"}
    assert third["marks"] == [["spurious", "DATE"]]
    assert third["start"] == 21


def test_a_spurious_relation_is_shown_at_its_head():
    relation = Relation(PROGRAM, ORG, "RUNS")
    found = replace(GOLD, relations=(*GOLD.relations, relation))
    [first] = evaluation_sentences(Evaluation(((GOLD, found),)))
    assert first["marks"] == [("relation spurious", "RUNS")]
    assert first["rows"][1]["relations"] == [[0, 1, "RUNS", True], [1, 0, "RUNS", False]]


def test_an_entity_over_a_sentence_end_joins_the_sentences():
    [first] = evaluation_sentences(evaluate(ORG, PROGRAM, Entity(9, 15, "METRIC")))
    assert first["text"] == "青禾县😀实施清流行动。新增学位300个。"


def test_the_page_needs_nothing_from_elsewhere():
    page = Page(evaluation_page(evaluate(ORG, METRIC), title="t"))
    assert page.links == []
    html = evaluation_page(evaluate(ORG, METRIC), title="t")
    assert not re.search(r"url\((?!#)|@import|fetch\(|<img|<link", html)
    assert "svg" in page.tags


def test_no_text_ends_the_script_or_adds_an_element():
    text = '</script><img src=x onerror="alert(1)">青禾县'
    gold = Document("<b>", text, (Entity(0, 3, "ORG"),))
    html = evaluation_page(Evaluation(((gold, Document("<b>", text)),)), title="<i>x</i>")
    page = Page(html)
    assert "img" not in page.tags
    assert "i" not in page.tags
    [sentence] = json.loads(page.data)
    assert sentence["text"] == text


def test_headline_tables_and_plots_say_what_the_evaluation_says():
    evaluation = evaluate(ORG, METRIC)
    html = evaluation_page(
        replace(evaluation, mentions=frozenset({("青禾县", "ORG")})),
        title="rules on gold",
        curve=Curve(tuple(CurvePoint(0, size, 1, size, size, size / 1000) for size in (100, 200, 400, 800))),
    )
    assert "<td>1.000</td><td>0.667</td><td><b>0.800</b></td>" in html.replace("\n", "")
    for heading in ("By label", "Confusion", "Calibration", "Learning curve"):
        assert f"<h2>{heading}</h2>" in html
    assert "What 100 more sentences are expected to bring" in html
    assert "whether training held the mention" in html


def test_a_curve_of_too_few_sizes_is_left_out():
    html = evaluation_page(evaluate(ORG), title="t", curve=Curve((CurvePoint(0, 1.0, 1, 10, 400, 0.2),)))
    assert "Learning curve" not in html
    assert "more sentences are expected" not in html


@pytest.mark.parametrize("label", ["[/X]", "A$\\frac$", "[bold]", "<i>", "机构"])
def test_odd_labels_are_shown_as_they_are(label):
    from rich.console import Console

    from govnews.report.tables import detail_tables, evaluation_tables

    evaluation = evaluate(Entity(0, 3, label))
    html = evaluation_page(evaluation, title=label)
    assert label in [mark[1] for sentence in sentences(html) for mark in sentence["marks"]]
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(evaluation_tables(evaluation, title="t"), detail_tables(evaluation))
    assert label in console.export_text()


@pytest.mark.parametrize("pairs", [(), ((Document("a", ""), Document("a", "")),), ((GOLD, GOLD),)])
def test_nothing_to_show_is_a_page_too(pairs):
    assert sentences(evaluation_page(Evaluation(tuple(pairs)), title="t")) == []


def test_a_comparison_shows_gold_above_both():
    other = Document("a", TEXT, (PROGRAM,))
    comparison = compare([Document("a", TEXT, (ORG, METRIC))], [other], [GOLD], names=("rules", "<model>"))
    html = comparison_page(comparison, title="t")
    first, second = sentences(html)
    assert [row["name"] for row in first["rows"]] == ["gold", "rules", "<model>"]
    assert first["marks"] == [
        ["only <model> right: entity found", "PROGRAM"],
        ["only rules right: entity found", "ORG"],
    ]
    assert second["marks"] == [["only rules right: entity found", "METRIC"]]
    assert "&lt;model&gt;" in html
    assert Page(html).links == []


def test_a_long_gold_is_cut_short_with_a_word_about_it(monkeypatch):
    monkeypatch.setattr("govnews.report.page.MAX_SENTENCES", 2)
    gold = Document("a", "青禾县。" * 5, tuple(Entity(4 * n, 4 * n + 3, "ORG") for n in range(5)))
    html = evaluation_page(Evaluation(((gold, Document("a", gold.text)),)), title="t")
    assert len(sentences(html)) == 2
    assert "3 more sentences are left out" in html

"""The report in a real browser. Run with `make test-browser`: it needs Debian's chromium and a CJK font."""

import re
from dataclasses import replace

import pytest

from govnews.evaluation import Evaluation
from govnews.report.page import evaluation_page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, ten, tmp_path):
    """A report in which the first METRIC is missed, a DATE is too short, and an entity holds an emoji."""
    text = ten.text + "\n😀𠮷云岭镇到了。"
    start = text.index("云岭镇到了")
    body = replace(ten.entities[0], start=start, end=start + 3, label="ORG")
    gold = replace(ten, text=text, entities=(*ten.entities, body))
    metric = next(e for e in gold.entities if e.label == "METRIC")
    date = next(e for e in gold.entities if e.label == "DATE" and e.end - e.start > 2)
    kept = [e for e in gold.entities if e not in (metric, date, body)]
    predicted = replace(
        gold,
        entities=(*kept, replace(date, end=date.end - 1)),
        relations=tuple(r for r in gold.relations if {r.head, r.tail}.isdisjoint({metric, date})),
    )
    path = tmp_path / "report.html"
    path.write_text(evaluation_page(Evaluation(((gold, predicted),)), title="报告"), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1100, "height": 900})
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    yield page
    assert problems == []
    context.close()


def test_all_errors_are_listed_at_first(page):
    assert page.locator("#count").inner_text() == "3 of 3 sentences"
    assert page.locator(".sentence").count() == 3


def test_a_filter_leaves_only_its_kind(page):
    page.select_option("#kind", "boundary")
    assert page.locator(".sentence").count() == 1
    assert page.locator("#count").inner_text() == "1 of 3 sentences"
    shown = page.locator(".sentence")
    assert "boundary · DATE" in shown.inner_text()
    gold, predicted = (shown.locator(".row").nth(n).locator(".entity.DATE") for n in (0, 1))
    assert gold.inner_text().startswith("2022年6月")
    assert predicted.inner_text().startswith("2022年6")
    assert "wrong" in predicted.get_attribute("class")
    page.select_option("#kind", "")
    page.select_option("#label", "METRIC")
    assert "地区生产总值86.4亿元" in page.locator(".sentence").first.inner_text()


def test_the_search_finds_text(page):
    page.fill("#search", "云岭镇到了")
    assert page.locator(".sentence").count() == 1
    page.fill("#search", "没有这个")
    assert page.locator(".sentence").count() == 0


def test_code_points_beyond_16_bits_do_not_move_entities(page):
    page.fill("#search", "云岭镇到了")
    entity = page.locator(".sentence .row").first.locator(".entity")
    assert entity.evaluate("node => node.firstChild.textContent") == "云岭镇"


def test_relations_are_drawn_between_their_arguments(page):
    page.fill("#search", "去年，青禾县")
    row = page.locator(".sentence .row").first
    assert row.locator("path").count() == 4
    assert sorted(row.locator("svg text").all_text_contents()) == ["HAS_DATE", "HAS_DATE", "HAS_METRIC", "HAS_METRIC"]
    box = row.locator(".entity").nth(1).bounding_box()
    frame = row.locator(".text").bounding_box()
    start = re.match(r"M([\d.]+),", row.locator("path").nth(0).get_attribute("d"))
    assert box["x"] <= frame["x"] + float(start[1]) <= box["x"] + box["width"]


def test_chinese_is_rendered_with_glyphs_of_its_own(page):
    """Without a CJK font every character is the same box of the same width and look."""
    pixels = "c => { const x = document.createElement('canvas').getContext('2d'); x.font = '40px sans-serif';" \
        " x.fillText(c, 0, 40); return Array.from(x.getImageData(0, 0, 50, 50).data).join() }"  # fmt: skip
    assert page.evaluate(pixels, "湖") != page.evaluate(pixels, "区")

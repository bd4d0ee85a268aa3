"""The page of facts in a real browser. Run with `make test-browser`: it needs Debian's chromium and a CJK font."""

import csv
from dataclasses import replace

import pytest

from govnews.facts import FIELDS
from govnews.report.show import show_page

pytestmark = pytest.mark.browser

HOSTILE = "<script>document.title = 'broken'</script>"


@pytest.fixture
def path(ten, tmp_path):
    """The ten sentences ten times over, which need scrolling, after a line of markup."""
    texts, entities, relations, at = [], [], [], 0
    for text in [f"{HOSTILE}😀", *[ten.text] * 10]:
        if text == ten.text:
            entities += [entity.shift(at) for entity in ten.entities]
            relations += [relation.shift(at) for relation in ten.relations]
        texts.append(text)
        at += len(text) + 1
    document = replace(ten, text="\n".join(texts), entities=tuple(entities), relations=tuple(relations))
    path = tmp_path / "page.html"
    path.write_text(show_page([document], title=f"十句{HOSTILE}"), encoding="utf-8")
    return path


@pytest.fixture
def open_page(browser, path):
    """Open the page with the settings of a browser context; no error may appear in its console."""
    problems, contexts = [], []

    def open_with(**settings):
        context = browser.new_context(**{"offline": True, "viewport": {"width": 1280, "height": 800}} | settings)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        return page

    yield open_with
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_page):
    return open_page(reduced_motion="reduce")


def shown(page):
    return page.locator("tbody tr:visible")


def test_markup_in_a_text_is_text(page):
    assert page.title() == f"十句{HOSTILE}"
    assert HOSTILE in page.locator("article").inner_text()
    assert HOSTILE in page.locator("h1").inner_text()


def test_a_row_leads_to_its_figure(page):
    row = shown(page).nth(80)
    mark = page.locator(f"#{row.get_attribute('data-metric')}")
    assert mark.bounding_box()["y"] > 800
    row.click()
    page.wait_for_function("document.querySelector('mark.chosen').getBoundingClientRect().bottom < innerHeight")
    assert "flash" in mark.get_attribute("class")
    assert "chosen" in row.get_attribute("class")


def test_a_figure_leads_to_its_row_also_when_it_is_filtered_away(page):
    mark = page.locator("mark[data-fact]").nth(2)
    page.fill("#search", "没有这个")
    assert shown(page).count() == 0
    assert page.locator("#nothing").is_visible()
    mark.click()
    row = page.locator(f"#{mark.get_attribute('data-fact')}")
    assert "chosen" in row.get_attribute("class")
    assert page.evaluate("row => row.getBoundingClientRect().bottom < innerHeight", row.element_handle())


def test_filters_work_together(page):
    everything = shown(page).count()
    assert page.locator("#count").inner_text() == f"{everything} of {everything}"
    page.select_option("#organisation", "青禾县")
    some = shown(page).count()
    assert 0 < some < everything
    page.fill("#search", "河道 42")
    assert shown(page).count() == 10
    page.select_option("#source", "none")
    assert shown(page).count() == 0


def test_sorting_goes_up_down_and_back_with_the_unknown_last(page):
    head = page.locator("th.value")
    first = shown(page).first.inner_text()
    numbers = "[...document.querySelectorAll('tbody tr')].map(row => fact(row)[column.value])"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    up = page.evaluate(numbers)
    assert up == sorted(n for n in up if n is not None) + [None] * up.count(None)
    head.locator("button").click()
    assert page.evaluate(numbers)[0] == max(n for n in up if n is not None)
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "none"
    assert shown(page).first.inner_text() == first


def test_relations_appear_where_the_pointer_is(page):
    page.locator("mark.METRIC").first.hover()
    assert sorted(page.locator("#arrows text").all_text_contents()) == ["HAS_DATE", "HAS_METRIC"]
    assert page.locator("mark.linked").count() == 3
    page.locator("h1").hover()
    assert page.locator("#arrows text").count() == 0


def test_everything_is_reached_by_keyboard(page):
    page.locator("mark.METRIC").first.focus()
    assert page.locator("#arrows path").count() == 2
    page.keyboard.press("Enter")
    assert "chosen" in shown(page).first.get_attribute("class")
    shown(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "chosen" in shown(page).nth(1).get_attribute("class")
    assert "chosen" in page.locator("mark.METRIC").nth(1).get_attribute("class")
    page.locator("th.period button").focus()
    page.keyboard.press("Enter")
    assert page.locator("th.period").get_attribute("aria-sort") == "ascending"


def test_labels_can_be_switched_off(page):
    page.locator(".chip.ORG").click()
    assert page.locator(".chip.ORG").get_attribute("aria-pressed") == "false"
    assert page.locator("mark.ORG:not(.unmarked)").count() == 0
    assert page.locator("mark.DATE.unmarked").count() == 0


def test_the_rows_shown_are_downloaded_as_csv_that_excel_reads(page, tmp_path):
    page.fill("#search", "游客")
    with page.expect_download() as download:
        page.click("#download")
    assert download.value.suggested_filename.endswith(".csv")
    download.value.save_as(tmp_path / "facts.csv")
    assert (tmp_path / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(FIELDS)
    assert len(rows) == 10
    assert {row["programme"] for row in rows} == {"第三届云岭茶旅文化节"}
    assert {row["value"] for row in rows} == {"120000"}


@pytest.mark.parametrize("width", [1280, 900, 390, 320])
def test_nothing_sticks_out_at_any_width(open_page, width):
    page = open_page(viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("(s => s.scrollWidth - s.clientWidth)(document.querySelector('.scroller'))") <= 0
    assert page.locator("article p").nth(1).evaluate("node => getComputedStyle(node).fontSize") == "17px"


def test_a_phone_has_a_way_to_the_facts_and_back(open_page):
    page = open_page(viewport={"width": 390, "height": 800}, has_touch=True)
    page.locator("nav a", has_text="Facts").tap()
    page.wait_for_function("document.querySelector('#filters').getBoundingClientRect().top < 10")
    shown(page).nth(1).tap()
    page.wait_for_function(
        "(r => r.top > 0 && r.bottom < innerHeight)(document.querySelector('mark.chosen').getBoundingClientRect())"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_both_schemes(open_page, scheme):
    page = open_page(color_scheme=scheme)
    colours = page.evaluate(
        """[...document.querySelectorAll("article p, td, td small, th button, .name p, footer, .chip")].map((node) => {
            const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            const under = (at) => !at ? "white" : getComputedStyle(at).backgroundColor.endsWith(", 0)")
              ? under(at.parentElement) : getComputedStyle(at).backgroundColor;
            return [getComputedStyle(node).color, under(node)].map((colour) => {
              paint.fillStyle = colour;
              paint.fillRect(0, 0, 1, 1);
              return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
            });
        })"""
    )
    assert min(contrast(*pair) for pair in colours) >= 4.5


def contrast(first, second):
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour):
        parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)

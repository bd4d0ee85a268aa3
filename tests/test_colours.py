from itertools import combinations

from govnews.colours import COLOURS, PALETTE, choose_colours, style_labels
from govnews.records import LABELS
from govnews.report.documents import OTHER, colour_of


def test_every_label_has_a_colour_of_its_own():
    assert list(COLOURS) == list(LABELS)
    for first, second in combinations(COLOURS.values(), 2):
        assert first.terminal != second.terminal
        assert first.light != second.light
        assert first.dark != second.dark


def test_a_new_label_takes_the_next_colour_and_leaves_the_others_theirs():
    longer = choose_colours([*LABELS, "PERSON"])
    assert {label: longer[label] for label in LABELS} == COLOURS
    assert longer["PERSON"] == PALETTE[len(LABELS)]


def test_there_is_a_colour_for_any_number_of_labels():
    assert len(choose_colours(map(str, range(30)))) == 30


def test_a_label_that_is_not_defined_looks_like_none_that_is():
    assert colour_of("PERSON") == OTHER
    assert OTHER not in {colour.terminal for colour in PALETTE}


def test_pages_have_a_rule_for_each_label():
    for label in LABELS:
        assert f".{label} {{ --tint: var(--{label.lower()}); }}" in style_labels()

"""What excludes what, against softmax written out in plain Python."""

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from thinc.api import NumpyOps

from govnews.components.relation_candidates import propose
from govnews.components.relation_choice import find_choices

OPS = NumpyOps()
VOCAB = Vocab()
LABELS = ["HAS_DATE", "HAS_METRIC"]
SIGNATURES = [("ORG", "METRIC", "HAS_METRIC"), ("METRIC", "DATE", "HAS_DATE")]
SETTINGS = [
    {},
    {"single_head": ["HAS_METRIC"]},
    {"single_head": ["HAS_METRIC"], "single_tail": ["HAS_DATE"]},
    {"single_head": ["HAS_DATE"], "single_tail": ["HAS_METRIC"]},
    {"single_head": ["HAS_METRIC"], "exclusive": True},
]


def candidates_of(labels):
    doc = Doc(VOCAB, list("甲乙丙丁戊己庚"[: len(labels)]), spaces=[False] * len(labels))
    return propose(doc, [Span(doc, i, i + 1, label=label) for i, label in enumerate(labels)], SIGNATURES, window=9)


def rival_cells(batch, settings):
    """The cells of each choice, told from the spans themselves."""
    cells = defaultdict(list)
    row = 0
    for number, candidates in enumerate(batch):
        for head, tail in zip(candidates.heads, candidates.tails, strict=True):
            for column, label in enumerate(LABELS):
                key = (number, head.start, tail.start, label)
                if settings.get("exclusive"):
                    key = (number, head.start, tail.start)
                elif label in settings.get("single_head", ()):
                    key = (number, "head of", tail.start, label)
                elif label in settings.get("single_tail", ()):
                    key = (number, "tail of", head.start, label)
                cells[key].append((row, column))
            row += 1
    return list(cells.values())


documents = st.lists(st.lists(st.sampled_from(["ORG", "METRIC", "DATE"]), max_size=7), min_size=1, max_size=3)


@given(labels=documents, settings=st.sampled_from(SETTINGS), seed=st.integers(0, 99))
def test_rivals_share_the_probability_with_the_answer_that_none_holds(labels, settings, seed):
    batch = [candidates_of(each) for each in labels]
    count = sum(map(len, batch))
    random = np.random.default_rng(seed)
    logits = random.normal(scale=4, size=(count, 2)).astype("float32")
    allowed = random.integers(0, 2, size=(count, 2)).astype("float32")
    choices = find_choices(batch, LABELS, **settings)
    found, none = choices.share(OPS, logits, allowed)
    rivals = rival_cells(batch, settings)
    assert choices.size == len(rivals)
    for cells in rivals:
        weights = [math.exp(logits[cell]) * allowed[cell] for cell in cells]
        total = 1 + sum(weights)
        assert [found[cell] for cell in cells] == pytest.approx([weight / total for weight in weights], abs=1e-5)
        assert {choices.numbers[cell] for cell in cells} == {choices.numbers[cells[0]]}
        assert none[choices.numbers[cells[0]]] == pytest.approx(1 / total, abs=1e-5)


def test_a_choice_of_one_is_the_sigmoid():
    batch = [candidates_of(["ORG", "METRIC", "DATE"])]
    logits = np.array([[0.5, -1.0], [30.0, -90.0]], dtype="float32")
    found, _ = find_choices(batch, LABELS).share(OPS, logits, np.ones_like(logits))
    np.testing.assert_allclose(found, expit(logits), atol=1e-6)


def test_a_great_logit_that_is_not_allowed_takes_nothing():
    batch = [candidates_of(["ORG", "METRIC", "DATE"])]
    logits = np.array([[900.0, 1.0], [1.0, 900.0]], dtype="float32")
    allowed = np.array([[0, 1], [1, 0]], dtype="float32")
    found, none = find_choices(batch, LABELS).share(OPS, logits, allowed)
    np.testing.assert_allclose(found, allowed * expit(1), rtol=1e-6)
    assert np.isfinite(none).all()


def test_several_right_answers_share_what_is_wanted():
    batch = [candidates_of(["ORG", "ORG", "ORG", "METRIC", "METRIC"])]
    choices = find_choices(batch, LABELS, single_head=["HAS_METRIC"])
    gold = np.zeros((6, 2), dtype="float32")
    rows = {(h.start, t.start): row for row, (h, t) in enumerate(zip(batch[0].heads, batch[0].tails, strict=True))}
    gold[rows[0, 3], 1] = gold[rows[2, 3], 1] = 1
    wanted, none = choices.wanted(OPS, gold)
    assert [wanted[rows[head, 3], 1] for head in range(3)] == [0.5, 0, 0.5]
    assert none[choices.numbers[rows[0, 3], 1]] == 0
    assert none[choices.numbers[rows[0, 4], 1]] == 1


def test_gold_and_predicted_pairs_of_one_document_are_no_rivals():
    once = candidates_of(["ORG", "METRIC"])
    twice = find_choices([once + once], LABELS, single_head=["HAS_METRIC"])
    assert twice.size == 2 * find_choices([once], LABELS, single_head=["HAS_METRIC"]).size


def test_there_may_be_nothing_to_choose():
    choices = find_choices([candidates_of([])], LABELS)
    found, none = choices.share(OPS, OPS.alloc2f(0, 2), OPS.alloc2f(0, 2))
    assert found.shape == (0, 2)
    assert len(none) == choices.size == 0

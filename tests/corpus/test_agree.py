import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from govnews.corpus.agree import align_readings, measure_agreement, name_readings, pair_documents
from govnews.errors import GovnewsError
from govnews.records import Document, Entity
from strategies import readings


@settings(max_examples=100, deadline=None)
@given(st.lists(readings(), min_size=1, max_size=3))
def test_kappa_is_that_of_labels_read_character_by_character(pairs):
    def label(document, offset):
        return next((e.label for e in document.entities if e.start <= offset < e.end), "none")

    first, second = ([label(pair[side], i) for pair in pairs for i in range(len(pair[side].text))] for side in (0, 1))
    expected = 1.0 if first == second else cohen_kappa_score(first, second)
    agreement = measure_agreement(pairs)
    assert agreement.kappa == pytest.approx(expected)
    swapped = measure_agreement([(b, a) for a, b in pairs])
    assert swapped.kappa == pytest.approx(agreement.kappa)
    assert swapped.entities.micro.f1 == agreement.entities.micro.f1


def test_the_same_reading_agrees_fully_and_an_empty_one_not_at_all(ten):
    same = measure_agreement([(ten, ten)]).to_dict()
    assert (same["entities"]["micro"]["f1"], same["relations"]["micro"]["f1"], same["kappa"]) == (1, 1, 1)
    empty = measure_agreement([(ten, Document("ten", ten.text))]).to_dict()
    assert (empty["entities"]["micro"]["f1"], empty["relations"]["micro"]["f1"], empty["kappa"]) == (0, 0, 0)


def test_boundaries_agree_where_only_labels_differ():
    first = Document("a", "雨湖区新增学位", (Entity(0, 3, "ORG"), Entity(5, 7, "METRIC")))
    second = Document("a", first.text, (Entity(0, 3, "PROGRAM"), Entity(3, 7, "METRIC")))
    agreement = measure_agreement([(first, second)])
    assert agreement.entities.micro.f1 == 0
    assert agreement.boundaries.micro.f1 == 0.5
    assert {label: score.f1 for label, score in agreement.boundaries.per_label.items()} == {
        "ORG": 1.0,
        "PROGRAM": 1.0,
        "METRIC": 0.0,
    }


def test_a_label_that_only_one_reading_uses_has_no_agreement_beyond_chance():
    first = Document("a", "雨湖区", (Entity(0, 2, "ORG"),))
    agreement = measure_agreement([(first, Document("a", "雨湖区"))])
    assert agreement.labels["ORG"].kappa == 0
    assert agreement.labels["ORG"].alpha < 0


@settings(max_examples=50, deadline=None)
@given(st.lists(readings(), min_size=1, max_size=3))
def test_three_readings_are_their_three_pairs_together(pairs):
    documents = [(a, b, Document(a.id, a.text)) for a, b in pairs]
    agreement = measure_agreement(documents)
    assert set(agreement.pairs) == {(0, 1), (0, 2), (1, 2)}
    assert agreement.pairs[0, 1] == measure_agreement(pairs)
    assert agreement.entities.micro.hits == sum(each.entities.micro.hits for each in agreement.pairs.values())
    assert agreement.kappa == pytest.approx(sum(each.kappa for each in agreement.pairs.values()) / 3)
    assert json.loads(json.dumps(agreement.to_dict()))["pairs"][0]["readings"] == [0, 1]


def test_agreement_of_long_texts_is_linear(quick):
    text = "雨湖区新增学位。" * 100_000
    marked = Document("a", text, tuple(Entity(n, n + 3, "ORG") for n in range(0, len(text), 8)))
    assert measure_agreement([(marked, marked, Document("a", text))]).alpha < 0.7


def test_documents_are_paired_by_id_whatever_their_order():
    one, two = Document("1", "县"), Document("2", "市")
    assert pair_documents([one, two], [two, one]) == [(one, one), (two, two)]


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (["县"], ["县", "市"], "document '1' is in the second reading only"),
        (["县", "市", "区"], ["县"], "document '1' is in the first reading only"),
        (["雨湖区新增"], ["雨湖县新增"], "document '0': the texts differ at character 2: '区新增' against '县新增'"),
        (["雨湖区"], ["雨湖区。"], "document '0': the texts differ at character 3: '' against '。'"),
        (["雨湖区\n"], ["雨湖区"], r"document '0': the texts differ at character 3: '\n' against ''"),
    ],
)
def test_readings_of_different_texts_are_refused(first, second, message):
    with pytest.raises(GovnewsError) as caught:
        pair_documents(*([Document(str(i), text) for i, text in enumerate(texts)] for texts in (first, second)))
    assert caught.value.message == message


def test_one_id_twice_in_a_reading_is_refused(ten):
    with pytest.raises(GovnewsError, match="two documents are called 'ten'"):
        pair_documents([ten, ten], [ten])


def test_a_third_reading_that_lacks_a_document_is_told():
    one, two = Document("1", "县"), Document("2", "市")
    with pytest.raises(GovnewsError, match="document '2' is not in the third reading"):
        align_readings([[one, two], [one, two], [one]])


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["x.li.ann", "x.wang.ann", "x.zhao.ann"], ["li", "wang", "zhao"]),
        (["2024.first.ann", "2023.first.ann"], ["2024.first", "2023.first"]),
        (["a/x.ann", "b/x.ann"], ["a", "b"]),
        (["a:b.ann", "c,d.ann"], ["a_b", "c_d"]),
        (["a/x.ann", "a/x.ann"], ["1", "2"]),
    ],
)
def test_names_tell_readings_apart(paths, names):
    assert name_readings(paths) == names

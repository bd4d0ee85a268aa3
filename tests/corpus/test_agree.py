import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from govnews.corpus.agree import list_differences, measure_agreement, pair_documents
from govnews.errors import GovnewsError
from govnews.records import Document, Entity, Relation
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


def test_differences_say_who_has_what_where():
    org, metric = Entity(0, 3, "ORG"), Entity(5, 13, "METRIC")
    first = Document("a", "雨湖区新增学位3700余个", (org, metric), (Relation(org, metric, "HAS_METRIC"),))
    second = Document("a", first.text, (org, Entity(3, 13, "METRIC")))
    assert [(d.offset, d.first, d.second) for d in list_differences([(first, second)])] == [
        (0, "雨湖区 HAS_METRIC 学位3700余个", ""),
        (3, "", "METRIC 新增学位3700余个"),
        (5, "METRIC 学位3700余个", ""),
    ]
    assert list_differences([(first, first)]) == []


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

import pytest

from govnews.corpus.variety import mask_numbers, measure_variety, sentence_skeletons
from govnews.records import Document, Entity


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("增长6.2%", "增长#%"),
        ("１２家", "#家"),
        ("1,200人", "#人"),
        ("两千三百户", "#户"),
        ("一般公共预算", "一般公共预算"),
        ("从34.4%到49%", "从#%到#%"),
        ("", ""),
    ],
)
def test_numbers_are_masked(text, masked):
    assert mask_numbers(text) == masked


def test_a_skeleton_masks_entities_and_numbers():
    text = "雨湖区建成5所学校。\n去年增长3%。"
    document = Document("a", text, (Entity(0, 3, "ORG"), Entity(5, 9, "METRIC"), Entity(11, 13, "DATE")))
    assert sentence_skeletons(document) == ["<ORG>建成<METRIC>。", "<DATE>增长#%。"]


def test_what_an_earlier_document_held_is_seen():
    first = Document("a", "全县粮食总产达5万吨，再创新高。", (Entity(0, 2, "ORG"),))
    second = Document("b", "全县粮食总产达7万吨，稳中有升变化大。", (Entity(0, 2, "ORG"),))
    variety = measure_variety([first, second])
    assert variety.clauses_seen == pytest.approx(1 / 3)  # two in the second document, one in the first long enough
    assert variety.sentences_seen == 0.0
    assert variety.mentions_seen == 0.5
    assert variety.openings == 1.0  # 全县粮食总产达5 against 全县粮食总产达7


def test_a_document_does_not_repeat_itself():
    once = Document("a", "全县粮食总产达5万吨。" * 3)
    assert measure_variety([once]).clauses_seen == 0.0
    assert measure_variety([once]).mentions_seen is None
    assert measure_variety([once, once]).sentences_seen is None
    marked = Document("a", once.text, (Entity(0, 2, "ORG"),))
    assert measure_variety([marked, marked]).sentences_seen == 0.5
    assert measure_variety([once, once]).openings == 0.0


def test_only_the_first_characters_are_read_where_it_is_asked():
    documents = [Document(str(n), "字" * 10) for n in range(5)]
    assert measure_variety(documents, max_chars=25).characters == 25
    assert measure_variety(documents, max_chars=25).documents == 3


def test_nothing_is_no_special_case():
    assert measure_variety([]).different_trigrams == 0.0

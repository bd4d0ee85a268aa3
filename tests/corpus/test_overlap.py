import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.corpus.overlap import Overlap, find_overlaps
from govnews.records import Document

short = st.text("甲乙丙\n", max_size=30)


def brute_force(text, other, length):
    """The maximal runs of at least `length` characters every `length` of which stand in one line of the other text."""
    grams = {line[i : i + length] for line in other.split("\n") for i in range(len(line) - length + 1)}
    runs = []
    for at in range(len(text) - length + 1):
        if text[at : at + length] in grams:
            if runs and runs[-1][1] == at + length - 1:
                runs[-1][1] = at + length
            else:
                runs.append([at, at + length])
    return [(start, text[start:end]) for start, end in runs]


@given(short, short, st.integers(2, 5))
def test_every_shared_run_is_told_once_and_whole(text, other, length):
    found = find_overlaps([Document("a", text)], other.split("\n"), length=length)
    assert [(o.offset, o.text) for o in found] == brute_force(text, other, length)


def test_runs_do_not_cross_lines():
    assert find_overlaps([Document("a", "甲乙\n丙丁")], ["甲乙丙丁"], length=3) == []
    assert find_overlaps([Document("a", "甲乙丙丁")], ["甲乙", "丙丁"], length=3) == []


def test_a_stock_phrase_excuses_no_longer_run():
    copied = "第十三届人民代表大会第四次会议" + "子丑寅卯辰巳午未申酉戌亥甲"
    documents = [Document("a", f"在{copied}上")]
    assert find_overlaps(documents, [copied], allow=["第十三届人民代表大会"]) == [Overlap("a", 1, copied)]
    assert find_overlaps(documents, [copied[:27]], allow=["第十三届人民代表大会第四次会议"]) == []


@pytest.mark.parametrize("phrase", ["甲乙丙丁", "乙丙", "零甲乙丙丁戊己"])
def test_stock_phrases_may_be_shared(phrase):
    documents = [Document("a", "一甲乙丙丁二")]
    assert find_overlaps(documents, ["三甲乙丙丁四"], length=4) == [Overlap("a", 1, "甲乙丙丁")]
    assert find_overlaps(documents, ["三甲乙丙丁四"], length=4, allow=[phrase]) == []


def test_each_document_is_told_by_itself():
    found = find_overlaps([Document("a", "甲乙丙"), Document("b", "丙甲乙丙")], ["甲乙丙"], length=3)
    assert found == [Overlap("a", 0, "甲乙丙"), Overlap("b", 1, "甲乙丙")]


def test_long_texts_take_linear_time(quick):
    text = "甲乙" * 100_000
    [overlap] = find_overlaps([Document("a", text)], [text], length=13)
    assert len(overlap.text) == len(text)

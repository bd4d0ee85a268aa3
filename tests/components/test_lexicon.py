import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from govnews.components.lexicon import MAX_WORD, Lexicon, code_points, gram_hashes

CHARS = "高质量发展县城5𠮷 \ud800\0"
texts = st.text(alphabet=CHARS, max_size=30)


@given(st.lists(st.text(alphabet=CHARS[:9], min_size=1, max_size=MAX_WORD + 1), max_size=12), texts)
def test_it_finds_the_longest_word_at_every_place(words, text):
    known = {word for word in words if 2 <= len(word) <= MAX_WORD}
    begins, ends = Lexicon(words).match(code_points(text))
    sizes = range(2, MAX_WORD + 1)
    for at in range(len(text)):
        assert begins[at] == max((n for n in sizes if at + n <= len(text) and text[at : at + n] in known), default=0)
        assert ends[at] == max((n for n in sizes if n <= at + 1 and text[at + 1 - n : at + 1] in known), default=0)


@given(texts, texts, st.text(alphabet=CHARS, min_size=1, max_size=8))
def test_equal_runs_have_equal_hashes_wherever_they_stand(before, after, run):
    alone = gram_hashes(code_points(run), np.array([0]), len(run))
    inside = gram_hashes(code_points(before + run + after), np.array([len(before)]), len(run))
    assert alone == inside


@given(st.lists(st.text(alphabet=CHARS, min_size=1, max_size=8), min_size=2, max_size=2, unique=True))
def test_different_runs_have_different_hashes(runs):
    first, second = (int(gram_hashes(code_points(run), np.array([0]), len(run))[0]) for run in runs)
    assert first != second


def test_code_points_are_those_of_python():
    assert code_points("县𠮷\ud800").tolist() == [ord("县"), ord("𠮷"), 0xD800]


def test_two_million_characters_take_seconds(quick):
    text = np.full(2_000_000, ord("高"), dtype=np.uint32)
    begins, _ = Lexicon(["高高高", "发展"]).match(text)
    assert begins[0] == 3
    assert begins[-2] == 0

import pytest
from hypothesis import given, settings

from govnews.sentences import CLOSERS, TERMINATORS, sentence_spans
from strategies import texts


def split(text):
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("全县发展", ["全县发展"]),
        ("全县发展。", ["全县发展。"]),
        ("增长5.1%。投资86.4亿元。", ["增长5.1%。", "投资86.4亿元。"]),
        ("他说：“好。”走了。", ["他说：“好。”", "走了。"]),
        ("（见附件。）随后", ["（见附件。）", "随后"]),
        ("真的吗？！真的。", ["真的吗？！", "真的。"]),
        ("等等……还有", ["等等……", "还有"]),
        ("标题\n\n正文。\n完", ["标题\n\n", "正文。\n", "完"]),
        ("一\r\n二\r三", ["一\r\n", "二\r", "三"]),
        ("。", ["。"]),
        ("\n", ["\n"]),
        ("一，二；三：四、五", ["一，二；三：四、五"]),
        ("好。😀𠮷。", ["好。", "😀𠮷。"]),
        ("一.二!三?", ["一.二!三?"]),
    ],
)
def test_a_text_splits_where_a_reader_would_stop(text, sentences):
    assert split(text) == sentences


def by_hand(text):
    sentences, current, ended = [], "", ""
    for char in text:
        goes_on = {"": "", "。": TERMINATORS + CLOSERS + "\r\n", "\n": "\r\n"}[ended]
        if ended and char not in goes_on:
            sentences.append(current)
            current, ended = "", ""
        current += char
        if char in "\r\n":
            ended = "\n"
        elif char in TERMINATORS:
            ended = "。"
    return [*sentences, current] if current else sentences


@settings(max_examples=300, deadline=None)
@given(texts)
def test_sentences_are_those_of_a_reader_who_goes_character_by_character(text):
    assert split(text) == by_hand(text)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("unit", ["。", "。”", "\r\n", "”", "好", "。\n”"])
def test_a_million_characters_take_no_time(unit):
    text = unit * (1_000_000 // len(unit))
    assert "".join(split(text)) == text

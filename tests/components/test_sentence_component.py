import time

import pytest
import spacy

from govnews.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("全年完成。“向阳花”行动启动。", ["全年完成。", "“向阳花”行动启动。"]),
        ("他说：“好。”大家散了。", ["他说：“好。”", "大家散了。"]),
        ("一是增长；二是提质，三是增效", ["一是增长；二是提质，三是增效"]),
        ("标题\n正文。", ["标题\n", "正文。"]),
        ("真的？！……是的", ["真的？！……", "是的"]),
        ("", []),
    ],
)
def test_sentences_end_where_the_guidelines_say(text, sentences):
    nlp = spacy.blank("zh")
    nlp.add_pipe("sentences")
    assert [sent.text for sent in nlp(text).sents] == sentences
    assert [text[a:b] for a, b in sentence_spans(text)] == sentences


def test_it_survives_storage(tmp_path):
    nlp = spacy.blank("zh")
    nlp.add_pipe("sentences")
    nlp.to_disk(tmp_path / "nlp")
    assert len(list(spacy.load(tmp_path / "nlp")("一。二。").sents)) == 2
    assert len(list(spacy.blank("zh").from_bytes(nlp.to_bytes()).make_doc("一"))) == 1


def test_line_breaks_are_kept_out_of_entities_and_set_entities_stay():
    nlp = spacy.blank("zh")
    assert nlp.make_doc("青禾县")[0].ent_iob == 0  # open to the entity recogniser
    doc = nlp.make_doc("青禾县\n增长5%")
    doc.set_ents([doc.char_span(0, 3, label="ORG")])
    doc = nlp.add_pipe("sentences")(doc)
    assert [ent.text for ent in doc.ents] == ["青禾县"]
    assert doc[3].ent_iob_ == "B"  # spaCy's mark of a blocked token: begins an entity without a label
    assert doc[3].ent_type == 0


def test_cost_does_not_grow_with_the_square_of_the_length():
    nlp = spacy.blank("zh")
    pipe = nlp.add_pipe("sentences")
    times = []
    for repeats in (2_000, 16_000):
        doc = nlp.make_doc("今年增长。" * repeats)
        start = time.process_time()
        pipe(doc)
        times.append(time.process_time() - start)
    assert times[1] < 30 * times[0]  # linear: 8 times; with the square: 64 times

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.convert import register_extensions
from govnews.errors import ModelError
from govnews.pipeline import annotate
from govnews.records import Document, Entity, Relation
from govnews.uncertainty import judge, judge_together, step_chances

TEXTS = ["雨湖区新增学位3700余个。", "今年，湘潭市雨湖区地区生产总值增长6.2%。", " 雨", "", "字" * 300]
MOVES = ["B-ORG", "I-ORG", "I-DATE", "L-ORG", "L-DATE", "U-ORG", "U-", "O"]


@pytest.fixture(scope="module")
def pipelines():
    """Two pipelines that guess."""
    import spacy

    register_extensions()
    found = []
    for seed in (0, 1):
        spacy.util.fix_random_seed(seed)
        nlp = spacy.blank("zh")
        ner = nlp.add_pipe("ner")
        for label in ("ORG", "DATE"):
            ner.add_label(label)
        nlp.initialize()
        upper = ner.model.get_ref("upper")  # all zeros at first: nothing would be found
        upper.set_param("W", np.random.default_rng(seed).normal(size=upper.get_param("W").shape).astype("f"))
        found.append(nlp)
    return found


def texts():
    return [Document(str(n), text, meta={"date": "2024-12-20"}) for n, text in enumerate(TEXTS)]


def test_one_pipeline_finds_what_it_always_finds_and_says_how_sure_it_is(pipelines):
    opinions = list(judge(pipelines[:1], texts()))
    assert [opinion.document for opinion in opinions] == list(annotate(pipelines[0], texts()))
    assert any(opinion.document.entities for opinion in opinions)
    for opinion, text in zip(opinions, TEXTS, strict=True):
        assert 0 <= opinion.bits <= len(text) * np.log2(len(MOVES) + 2)
        assert all(0 < entity.score <= 1 for entity in opinion.document.entities)
        assert all(0 <= p.start < p.end <= len(text) for p in opinion.places)
        assert [p.bits for p in opinion.places] == sorted((p.bits for p in opinion.places), reverse=True)
    assert opinions[0].bits > 0


def test_one_that_decides_jointly_says_how_sure_it_is_as_well():
    import spacy
    from spacy.training import Example

    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("zh")
    pipe = nlp.add_pipe("crf_ner")
    example = Example.from_dict(nlp.make_doc("雨湖区今年"), {"entities": [(0, 3, "ORG"), (3, 5, "DATE")]})
    nlp.initialize(lambda: [example])
    for name in ("W", "b"):
        output = pipe.model.get_ref("output")  # great weights, so that something is found
        output.set_param(name, np.random.default_rng(0).normal(size=output.get_param(name).shape).astype("f"))
    opinions = list(judge([nlp], texts()))
    assert [opinion.document for opinion in opinions] == list(annotate(nlp, texts()))
    assert any(opinion.document.entities for opinion in opinions)
    for opinion, text in zip(opinions, TEXTS, strict=True):
        assert 0 <= opinion.bits <= len(text) * np.log2(9)
        assert all(0 < entity.score <= 1 for entity in opinion.document.entities)
    assert opinions[0].bits > 0


def test_relations_count_with_how_close_they_were(pipelines):
    import spacy
    from spacy.language import Language

    from govnews.convert import SpanRelation

    @Language.component("close_calls")
    def close_calls(doc):
        doc._.relations = [SpanRelation(a, b, "RUNS", 0.5) for a, b in zip(doc.ents, doc.ents[1:], strict=False)]
        return doc

    nlp = spacy.blank("zh")
    nlp.add_pipe("ner", source=pipelines[0])
    plain = list(judge([nlp], texts()))
    nlp.add_pipe("close_calls")
    related = list(judge([nlp], texts()))
    for without, opinion in zip(plain, related, strict=True):
        assert opinion.bits == pytest.approx(without.bits + len(opinion.document.relations), abs=1e-4)
        assert {r.head for r in opinion.document.relations} <= set(opinion.document.entities)
    assert any(opinion.document.relations for opinion in related)


def test_several_are_compared(pipelines):
    together = list(judge(pipelines, texts()))
    readings = [list(annotate(nlp, texts())) for nlp in pipelines]
    assert together == [judge_together(pair) for pair in zip(*readings, strict=True)]
    same = list(judge([pipelines[0]] * 2, texts()))
    assert [opinion.bits for opinion in same] == [0.0] * len(TEXTS)
    assert [opinion.document for opinion in same] == readings[0]


def test_one_pipeline_that_cannot_tell_is_refused():
    import spacy

    with pytest.raises(ModelError, match="no entity recogniser that tells how sure it is"):
        list(judge([spacy.blank("zh")], texts()))


def test_where_most_agree_it_is_kept_and_where_they_part_it_is_told():
    org, metric, wider = Entity(0, 3, "ORG"), Entity(5, 9, "METRIC"), Entity(3, 9, "METRIC")
    relation = Relation(org, metric, "HAS_METRIC")
    text = "雨湖区新增学位5个"
    opinion = judge_together(
        [
            Document("a", text, (org, metric), (relation,)),
            Document("a", text, (org, metric)),
            Document("a", text, (org, wider)),
        ]
    )
    assert [(e.start, e.end, e.score) for e in opinion.document.entities] == [(0, 3, 1.0), (5, 9, 0.6667)]
    assert opinion.document.relations == ()  # half of the two that have both arguments
    third = -np.log2(1 / 3) / 3 - 2 * np.log2(2 / 3) / 3
    assert opinion.bits == pytest.approx(2 * third + 1)
    assert (opinion.places[0].start, opinion.places[0].end, opinion.places[0].bits) == (0, 9, 1.0)


def test_only_moves_that_can_be_taken_share_the_probability():
    scores = np.zeros((3, len(MOVES)))
    scores[:, MOVES.index("U-")] = 50.0
    chances = step_chances(scores, [(False, ""), (True, "ORG"), (True, "DATE")], MOVES)
    assert [{MOVES[n] for n in np.flatnonzero(row)} for row in chances] == [
        {"B-ORG", "U-ORG", "O"},
        {"I-ORG", "L-ORG"},
        {"I-DATE", "L-DATE"},
    ]
    assert chances[1].max() == 0.5


@settings(deadline=None)
@given(st.lists(st.tuples(st.lists(st.floats(-1e4, 1e4), min_size=8, max_size=8), st.booleans()), max_size=5))
def test_chances_are_chances_whatever_the_scores(steps):
    scores = np.array([row for row, _ in steps]).reshape(len(steps), 8)
    chances = step_chances(scores, [(inside, "ORG" * inside) for _, inside in steps], MOVES)
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(steps)))

from dataclasses import replace

import pytest

import govnews
from govnews.comparison import Comparison, compare
from govnews.errors import GovnewsError
from govnews.evaluation import Evaluation
from govnews.formats.jsonl import write_jsonl
from govnews.metrics.labels import score_entities
from govnews.metrics.resample import count_documents, permutation_test
from govnews.records import Document, Entity, Relation

TEXT = "青禾县实施清流行动，新增学位300个。"
ORG, PROGRAM, METRIC = Entity(0, 3, "ORG"), Entity(5, 9, "PROGRAM"), Entity(12, 18, "METRIC")
RUNS, HAS = Relation(ORG, PROGRAM, "RUNS"), Relation(ORG, METRIC, "HAS_METRIC")
WRONG = Entity(10, 12, "DATE")


def document(name, *items):
    entities = tuple(item for item in items if isinstance(item, Entity))
    return Document(name, TEXT, entities, tuple(item for item in items if isinstance(item, Relation)))


GOLD = [document("a", ORG, PROGRAM, METRIC, RUNS, HAS), document("b", ORG)]
FIRST = [document("a", ORG, PROGRAM, RUNS), document("b", ORG)]
SECOND = [document("a", ORG, METRIC, HAS, WRONG), document("b")]


def test_each_side_is_told_what_it_alone_has_right():
    first, second = compare(FIRST, SECOND, GOLD).contrasts
    assert [(c.document.id, c.kind, c.item) for c in first] == [
        ("a", "found", PROGRAM),
        ("a", "spared", WRONG),
        ("a", "found", RUNS),
        ("b", "found", ORG),
    ]
    assert [(c.document.id, c.kind, c.item) for c in second] == [("a", "found", METRIC), ("a", "found", HAS)]


def test_swapping_the_systems_swaps_everything():
    one, other = compare(FIRST, SECOND, GOLD), compare(SECOND, FIRST, GOLD)
    assert one.contrasts == other.contrasts[::-1]
    for name, test in one.tests.items():
        assert other.tests[name].difference == pytest.approx(-test.difference)
        assert other.tests[name].p_value == test.p_value


def test_a_system_does_not_differ_from_itself():
    same = compare(FIRST, FIRST, GOLD)
    assert same.contrasts == ([], [])
    assert {test.p_value for test in same.tests.values()} == {1.0}


def test_every_figure_is_tested_by_its_own_counts():
    comparison = compare(FIRST, SECOND, GOLD)
    assert set(comparison.tests) == {"entities", "relations", "relations_relaxed", "facts"}
    expected = permutation_test(*(count_documents(s.pairs, score_entities) for s in comparison.systems))
    assert comparison.tests["entities"] == expected


def test_the_json_tells_where_the_systems_part():
    data = compare(FIRST, SECOND, GOLD, names=("rules", "model")).to_dict()
    assert [system["name"] for system in data["systems"]] == ["rules", "model"]
    assert data["only_right"][1] == [
        {"document": "a", "kind": "found", "label": "METRIC", "start": 12, "end": 18, "text": "学位300个"},
        {
            "document": "a",
            "kind": "found",
            "label": "HAS_METRIC",
            "head": {"start": 0, "end": 3, "text": "青禾县"},
            "tail": {"start": 12, "end": 18, "text": "学位300个"},
        },
    ]


def test_a_pipeline_and_a_file_are_scored_on_the_same_documents(trained, ten, tmp_path):
    sectioned = replace(ten, sections=())
    write_jsonl([sectioned], tmp_path / "gold.jsonl")
    write_jsonl([replace(sectioned, entities=(), relations=())], tmp_path / "none.jsonl")
    comparison = govnews.compare(trained, tmp_path / "none.jsonl", tmp_path / "gold.jsonl")
    assert comparison.names == (str(trained), str(tmp_path / "none.jsonl"))
    assert comparison.tests["entities"].difference == 1.0


def test_a_pipeline_and_a_file_are_comparable_on_a_corpus_with_sections(trained, root, tmp_path):
    gold = govnews.read_documents(root / "corpus/gold/yuhu-2024.ann")
    write_jsonl([replace(document, entities=(), relations=()) for document in gold], tmp_path / "none.jsonl")
    comparison = govnews.compare(trained, tmp_path / "none.jsonl", root / "corpus/gold/yuhu-2024.ann")
    assert comparison.systems[1].entities.micro.gold == len(gold[0].entities)


def test_other_gold_cannot_be_compared():
    with pytest.raises(GovnewsError, match="not scored on the same gold"):
        Comparison(("a", "b"), (Evaluation(((GOLD[0], FIRST[0]),)), Evaluation(((GOLD[1], FIRST[1]),))))
    with pytest.raises(GovnewsError, match="in the first reading only"):
        compare(FIRST[:1], SECOND, GOLD)


def test_a_system_without_any_relation_is_tested_against_one_with_some():
    none = [replace(document, relations=()) for document in GOLD]
    comparison = compare(GOLD, none, GOLD)
    assert comparison.tests["relations"].difference == 1.0
    assert set(compare(none, none, GOLD).tests) == {"entities"}


@pytest.mark.parametrize("names", [("a", "a"), ("gold", "a")])
def test_names_that_cannot_be_told_apart_are_refused(names):
    with pytest.raises(GovnewsError, match="the systems are called"):
        compare(FIRST, SECOND, GOLD, names=names)


def test_in_a_notebook_it_is_a_table_that_escapes_names():
    shown = compare(FIRST, SECOND, GOLD, names=("<rules>", "model"))._repr_html_()
    assert "&lt;rules&gt;" in shown
    assert "<th>entities</th><td>0.857</td>" in shown

import json
from dataclasses import replace

import pytest
import spacy

from govnews.evaluate import Ceiling, Evaluation, evaluate, measure_ceiling, relate_gold
from govnews.pipeline import load_model
from govnews.records import Document, Entity, Relation


def test_a_pipeline_that_knows_the_text_scores_one(trained, ten):
    evaluation = evaluate(load_model(trained), ten.section_documents())
    assert evaluation.entities.micro.f1 == 1.0
    assert evaluation.relations.micro.f1 == 1.0
    assert evaluation.relations_on_gold.micro.f1 == 1.0
    assert evaluation.ceiling.entity_recall == 1.0
    assert evaluation.documents == 1
    assert evaluation.characters == len(ten.text)


def test_a_pipeline_that_finds_nothing_scores_zero_and_has_no_relations_on_gold(ten):
    data = evaluate(spacy.blank("zh"), [ten]).to_dict()
    assert data["entities"]["micro"]["f1"] == 0.0
    assert data["entities"]["micro"]["gold"] == len(ten.entities)
    assert data["relations"]["micro"] == {
        "precision": 0.0, "recall": 0.0, "f1": 0.0, "hits": 0, "predicted": 0, "gold": len(ten.relations),
    }  # fmt: skip
    assert data["relations_on_gold"] is None


def test_on_gold_entities_no_relation_is_missed_for_want_of_an_entity(trained, ten):
    nlp = load_model(trained)
    with nlp.select_pipes(disable=["ner"]):
        [found] = relate_gold(nlp, [ten])
    assert found.entities == ten.entities
    assert found.relations == ten.relations


def test_the_ceiling_counts_what_word_tokens_cut_through():
    words = spacy.blank("xx")
    org, metric, date = Entity(0, 3, "ORG"), Entity(3, 7, "METRIC"), Entity(8, 10, "DATE")
    relations = (Relation(org, metric, "HAS_METRIC"), Relation(metric, date, "HAS_DATE"))
    document = Document("a", "青禾县增长5% 今年", (org, metric, date), relations)
    assert measure_ceiling(words, [document]) == Ceiling(1, 3, 0, 2)
    assert measure_ceiling(spacy.blank("zh"), [document]) == Ceiling(3, 3, 2, 2)


def test_the_ceiling_counts_relations_over_a_sentence_end():
    org, metric = Entity(0, 3, "ORG"), Entity(4, 8, "METRIC")
    document = Document("a", "青禾县。增长5%", (org, metric), (Relation(org, metric, "HAS_METRIC"),))
    ceiling = measure_ceiling(spacy.blank("zh"), [document])
    assert ceiling.relation_recall == 0.0


def test_evaluations_add_up_to_the_evaluation_of_all(trained, ten):
    nlp = load_model(trained)
    other = Document("other", "云岭镇实现税收3.2亿元。", (Entity(0, 3, "ORG"), Entity(5, 11, "METRIC")))
    assert evaluate(nlp, [ten]) + evaluate(nlp, [other]) == evaluate(nlp, [ten, other])


@pytest.mark.parametrize("documents", [[], [Document("a", "")]])
def test_nothing_to_score_is_no_special_case(trained, documents):
    data = evaluate(load_model(trained), documents).to_dict()
    assert data["entities"]["micro"]["f1"] == 0.0


def test_everything_scored_is_in_the_json(ten):
    relation = ten.relations[0]
    worse = replace(
        ten,
        entities=tuple(e for e in ten.entities if e != relation.tail),
        relations=tuple(r for r in ten.relations if relation.tail not in (r.head, r.tail)),
    )
    data = Evaluation(((ten, worse), (ten, ten))).to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["schemes"]["strict"]["micro"]["missed"] == 1
    assert set(data["relation_misses"]) == {"argument missed"}
    assert data["intervals"]["entities"]["f1"]["low"] < data["entities"]["micro"]["f1"] < 1.0
    assert data["intervals"]["entities"]["f1"]["high"] == 1.0
    assert data["ceiling"] is None


def test_one_document_has_no_interval(ten):
    assert Evaluation(((ten, ten),)).intervals == {}

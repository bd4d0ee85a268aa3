import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

import govnews
from govnews.ceiling import Ceiling, measure_ceiling
from govnews.corpus.load import load_split
from govnews.errors import GovnewsError
from govnews.evaluation import Evaluation
from govnews.formats.documents import read_documents
from govnews.formats.jsonl import write_jsonl
from govnews.metrics.buckets import collect_mentions
from govnews.pipeline import annotate, load_model
from govnews.records import Document, Entity, Relation
from govnews.scoring import evaluate, relate_gold
from strategies import readings


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


SCHEMA = json.loads((files("govnews") / "schemas" / "metrics.json").read_text(encoding="utf-8"))


@settings(max_examples=50)
@given(st.lists(readings(), max_size=3), st.booleans())
def test_whatever_was_found_the_json_has_the_documented_shape(pairs, trained_on_it):
    numbered = [tuple(replace(document, id=str(number)) for document in pair) for number, pair in enumerate(pairs)]
    mentions = collect_mentions(gold for gold, _ in numbered) if trained_on_it else None
    data = Evaluation(tuple(numbered), mentions=mentions).to_dict()
    jsonschema.validate(json.loads(json.dumps(data)), SCHEMA)


def test_a_pipelines_scores_have_the_documented_shape(trained, ten):
    data = evaluate(trained, [ten, replace(ten, id="again")], training=[ten]).to_dict()
    jsonschema.validate(data, SCHEMA)
    assert data["seen"]["seen"]["micro"]["f1"] == 1.0
    assert data["calibration"]["relations"]["count"] == 2 * len(ten.relations)
    assert set(data["intervals"]) == {"entities", "relations", "relations_relaxed", "relations_on_gold", "facts"}
    assert data["facts"]["micro"]["f1"] == 1.0


def test_the_schema_refuses_what_it_does_not_describe(ten):
    data = Evaluation(((ten, ten),)).to_dict()
    for wrong in ({"extra": 1}, {"schema_version": 2}, {"entities": {}}, {"relation_misses": {"bad luck": 1}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**data, **wrong}, SCHEMA)


def test_errors_are_counted_by_kind_and_label():
    text = "青禾县增长5%，云岭镇"
    gold = Document("a", text, (Entity(0, 3, "ORG"), Entity(3, 7, "METRIC")))
    found = Document("a", text, (Entity(0, 2, "ORG"), Entity(8, 11, "ORG")))
    evaluation = Evaluation(((gold, found),))
    assert evaluation.count_errors() == {"boundary": {"ORG": 1}, "missed": {"METRIC": 1}, "spurious": {"ORG": 1}}
    assert evaluation.confusion == {"METRIC": {"none": 1}, "ORG": {"ORG": 1}, "none": {"ORG": 1}}


def test_a_figure_is_named_alone_or_with_a_label(ten):
    evaluation = Evaluation(((ten, replace(ten, relations=())),))
    assert evaluation.f1("entities") == evaluation.f1("entities.ORG") == 1.0
    assert evaluation.f1("relations.RUNS") == 0.0
    assert list(evaluation.figures) == ["entities"]
    for name, message in {
        "nonsense": "no figure is called 'nonsense'",
        "entities.PLACE": "a label 'PLACE'",
        "relations_on_gold": "has no relations_on_gold",
    }.items():
        with pytest.raises(GovnewsError, match=message):
            evaluation.f1(name)


def test_pairs_the_relation_component_never_considers_are_told_apart(trained, ten):
    nlp = load_model(trained)
    cfg = nlp.get_pipe("relations").cfg
    before = list(cfg["signatures"])
    try:
        cfg["signatures"] = [s for s in before if s[2] != "RUNS"]
        evaluation = evaluate(nlp, [ten])
    finally:
        cfg["signatures"] = before
    misses = {(miss.relation.label, miss.cause) for miss in evaluation.relation_misses}
    assert misses == {("RUNS", "pair not proposed")}
    assert (evaluation + evaluation).relation_misses[0].cause == "pair not proposed"


def test_a_system_may_be_a_pipeline_its_folder_a_file_or_documents(trained, ten, ten_path, tmp_path):
    nlp = load_model(trained)
    write_jsonl(annotate(nlp, [ten]), tmp_path / "found.jsonl")
    found = read_documents(tmp_path / "found.jsonl")
    systems = (nlp, trained, str(trained), tmp_path / "found.jsonl", found)
    scores = [govnews.evaluate(system, gold) for system in systems for gold in (ten_path, [ten])]
    assert len({json.dumps(s.entities.to_dict()) + json.dumps(s.relations.to_dict()) for s in scores}) == 1


def test_seen_mentions_come_from_the_train_part_of_a_corpus(root, ten):
    evaluation = govnews.evaluate([ten], [ten], training=root / "corpus")
    train = collect_mentions(load_split(root / "corpus", "train"))
    assert evaluation.mentions == train


def test_two_documents_of_one_name_are_refused(ten):
    with pytest.raises(GovnewsError, match="two documents are called 'ten'"):
        evaluate(spacy.blank("zh"), [ten, ten])


def test_a_document_longer_than_spacy_takes_is_scored_in_linear_time(ten, quick):
    nlp = spacy.blank("zh")
    long = replace(ten, text=ten.text + "\n全县上下鼓足干劲，迎难而上。" * 80_000)
    evaluation = evaluate(nlp, [long])
    assert evaluation.characters > nlp.max_length
    assert evaluation.ceiling == measure_ceiling(nlp, [ten])


def test_in_a_notebook_it_is_a_table(ten):
    evaluation = Evaluation(((ten, ten), (replace(ten, id="b"), replace(ten, id="b"))))
    shown = evaluation._repr_html_()
    assert "<th>entities</th><td>1.000</td><td>1.000</td><td>1.000</td><td>1.000–1.000</td>" in shown
    assert "<th>HAS_METRIC</th>" in shown


def test_what_the_package_offers_is_there():
    assert {name: callable(getattr(govnews, name)) for name in govnews.__all__} == dict.fromkeys(govnews.__all__, True)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        govnews.nonsense  # noqa: B018

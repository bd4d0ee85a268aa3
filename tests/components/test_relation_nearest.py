import json
import pickle

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.training import Example

from govnews.components.relation_nearest import NearestRelations, nearest_heads
from govnews.convert import document_to_doc
from govnews.errors import ModelError
from govnews.evaluation import Evaluation
from govnews.metrics.errors import list_relation_misses
from govnews.records import LABELS, Document, Entity, Relation
from govnews.scoring import evaluate, relate_gold
from govnews.sentences import sentence_spans
from strategies import documents

SENTENCE = "去年，青禾县税收增长5.1%，云岭镇产值增长3%。"
SURFACES = {"去年": "DATE", "青禾县": "ORG", "云岭镇": "ORG", "税收增长5.1%": "METRIC", "产值增长3%": "METRIC"}


def mark(text, *joined):
    """A document with the known surfaces of a text as entities, and relations written `head LABEL tail`."""
    entities = {
        surface: Entity(text.index(surface), text.index(surface) + len(surface), label)
        for surface, label in SURFACES.items()
        if surface in text
    }
    relations = [
        Relation(entities[head], entities[tail], label) for head, label, tail in (line.split() for line in joined)
    ]
    return Document("a", text, tuple(entities.values()), tuple(relations))


def examples_of(nlp, *made):
    return [Example(nlp.make_doc(document.text), document_to_doc(document, nlp).doc) for document in made]


@pytest.fixture
def nlp():
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    # as tokens: spaCy's ruler forgets patterns given as strings when it is read from bytes
    ruler.add_patterns(
        [{"label": label, "pattern": [{"ORTH": char} for char in surface]} for surface, label in SURFACES.items()]
    )
    nlp.add_pipe("nearest_relations")
    train(nlp, "青禾县 HAS_METRIC 税收增长5.1%", "税收增长5.1% HAS_DATE 去年")
    return nlp


def train(nlp, *joined):
    nlp.get_pipe("nearest_relations").initialize(lambda: examples_of(nlp, mark(SENTENCE, *joined)), nlp=nlp)


def found(doc):
    return [f"{r.head.text} {r.label} {r.tail.text}" for r in doc._.relations]


def count(*signatures):
    """A pipe that has seen each signature as often as it is given."""
    pipe = NearestRelations()
    rows = [[*signature, signatures.count(signature)] for signature in sorted(set(signatures))]
    return pipe.from_bytes(json.dumps(rows).encode())


def relate(pipe, text, *spans):
    doc = spacy.blank("zh").make_doc(text)
    doc.set_ents([doc.char_span(start, end, label=label) for start, end, label in spans])
    return [(r.head.start, r.label, r.tail.start) for r in pipe(doc)._.relations]


def test_each_tail_is_joined_to_its_nearest_head(nlp):
    assert found(nlp(SENTENCE)) == [
        "青禾县 HAS_METRIC 税收增长5.1%",
        "税收增长5.1% HAS_DATE 去年",
        "云岭镇 HAS_METRIC 产值增长3%",
    ]
    assert [r.score for r in nlp(SENTENCE)._.relations] == [None] * 3


def test_what_fits_is_joined_over_what_stands_between_and_does_not_fit(nlp):
    assert found(nlp("青禾县去年税收增长5.1%")) == ["青禾县 HAS_METRIC 税收增长5.1%", "税收增长5.1% HAS_DATE 去年"]


def test_no_relation_crosses_a_sentence(nlp):
    assert found(nlp("去年青禾县好。税收增长5.1%。云岭镇的产值增长3%")) == ["云岭镇 HAS_METRIC 产值增长3%"]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("县增长市", 0),  # touches both
        ("县。增长。市", None),  # in sentences of their own
        ("县的增长的市", 0),
        ("县的增长市", 3 + 1),
        ("县增长的市", 0),
        ("县，增长，，市", 0),
        ("县，，增长，市", 3 + 3),
    ],
)
def test_the_one_to_the_left_is_nearer_where_distances_are_equal(text, head):
    at = text.index("增长")
    spans = [(0, 1, "ORG"), (at, at + 2, "METRIC"), (len(text) - 1, len(text), "ORG")]
    pipe = count(("ORG", "METRIC", "R"))
    assert relate(pipe, text, *spans) == ([] if head is None else [(head, "R", at)])


def test_distance_is_counted_in_characters_between_not_between_starts():
    pipe = count(("ORG", "METRIC", "R"))
    assert relate(pipe, "青禾县开发区的增长，，镇", (0, 6, "ORG"), (7, 9, "METRIC"), (11, 12, "ORG")) == [(0, "R", 7)]


def test_entities_of_one_label_are_joined_to_each_other_but_none_to_itself():
    pipe = count(("METRIC", "METRIC", "PART_OF"))
    assert relate(pipe, "一二，三", (0, 1, "METRIC"), (1, 2, "METRIC"), (3, 4, "METRIC")) == [
        (0, "PART_OF", 1),
        (1, "PART_OF", 0),
        (1, "PART_OF", 3),
    ]
    assert relate(pipe, "一二，三", (0, 1, "METRIC")) == []


def test_the_nearest_of_several_labels_that_may_be_heads():
    pipe = count(("ORG", "METRIC", "A"), ("PROGRAM", "METRIC", "B"))
    spans = [(0, 1, "ORG"), (1, 2, "PROGRAM"), (2, 3, "ORG"), (4, 5, "METRIC"), (7, 8, "PROGRAM")]
    assert relate(pipe, "县项县，增，，项", *spans) == [(2, "A", 4)]
    assert relate(pipe, "县项县，增，，项", *spans[:2], *spans[3:]) == [(1, "B", 4)]
    assert relate(pipe, "县项县，增，，项", spans[0], *spans[3:]) == [(7, "B", 4)]


def test_the_most_frequent_label_of_a_pair_of_labels_is_given():
    a, b = ("ORG", "ORG", "OWNS"), ("ORG", "ORG", "SELLS")
    other = ("ORG", "DATE", "HAS_DATE")
    spans = [(0, 1, "ORG"), (1, 2, "ORG")]
    assert relate(count(a, b, b, other, other, other), "甲乙", *spans) == [(0, "SELLS", 1), (1, "SELLS", 0)]
    pipe = count(b, a, other)
    assert relate(pipe, "甲乙", *spans) == [(0, "OWNS", 1), (1, "OWNS", 0)]  # of equals the first in the alphabet
    assert pipe.labels == ("HAS_DATE", "OWNS")
    assert pipe.signatures == [other, a, b]


def test_counts_come_from_the_references(nlp):
    train(
        nlp,
        "青禾县 LEADS 云岭镇",
        "云岭镇 FOLLOWS 青禾县",
        "青禾县 HAS_METRIC 税收增长5.1%",
        "云岭镇 HAS_METRIC 产值增长3%",
    )
    assert nlp.get_pipe("nearest_relations").counts == {
        ("ORG", "ORG", "FOLLOWS"): 1,
        ("ORG", "ORG", "LEADS"): 1,
        ("ORG", "METRIC", "HAS_METRIC"): 2,
    }
    train(nlp, "税收增长5.1% HAS_DATE 去年")  # again, from nothing
    assert nlp.get_pipe("nearest_relations").signatures == [("METRIC", "DATE", "HAS_DATE")]


def brute_force(text, entities, pairs):
    """Every pair of entities, looked at one by one."""
    sentences = sentence_spans(text)
    of = {e: next(n for n, (start, end) in enumerate(sentences) if start <= e.start < end) for e in entities}
    nearest = set()
    for tail in entities:
        heads = [
            (tail.start - head.end if head.end <= tail.start else head.start - tail.end, head.start, head)
            for head in entities
            if head != tail and of[head] == of[tail] and (head.label, tail.label) in pairs
        ]
        if heads:
            nearest.add(Relation(min(heads)[-1], tail, "R"))
    return nearest


label_pairs = st.sets(st.tuples(st.sampled_from([*LABELS, "机构"]), st.sampled_from([*LABELS, "机构"])), min_size=1)


@given(documents(), label_pairs)
def test_it_finds_what_looking_at_every_pair_finds(document, pairs):
    nlp = spacy.blank("zh")
    doc = document_to_doc(document, nlp).doc
    pipe = count(*((head, tail, "R") for head, tail in pairs))
    joined = {
        Relation(*(Entity(s.start_char, s.end_char, s.label_) for s in (r.head, r.tail)), r.label)
        for r in pipe(doc)._.relations
    }
    entities = [Entity(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
    assert joined == brute_force(document.text, entities, pairs)


@given(documents(), label_pairs)
def test_what_it_joins_is_what_it_says_it_considers(document, pairs):
    doc = document_to_doc(document, spacy.blank("zh")).doc
    pipe = count(*((head, tail, "R") for head, tail in pairs))
    considered = Document("a", doc.text, tuple(Entity(e.start_char, e.end_char, e.label_) for e in doc.ents))
    at = {entity.start: entity for entity in considered.entities}
    for relation in pipe(doc)._.relations:
        assert pipe.considers(considered, at[relation.head.start_char], at[relation.tail.start_char])


@pytest.mark.parametrize(
    "text", ["", "。", "春天来了。", "青禾县的春天", "税收增长5.1%", "青禾县去年好", "\n\n", "😀" * 9]
)
def test_documents_without_a_pair_are_no_special_case(nlp, text):
    doc = nlp(text)
    assert doc._.relations == []
    assert doc.text == text


def test_a_pipe_that_is_loaded_makes_relations_known_to_spacy():
    NearestRelations()
    Doc.remove_extension("relations")
    NearestRelations()
    assert spacy.blank("zh").make_doc("县")._.relations == []


def test_before_initialization_it_joins_nothing():
    assert relate(NearestRelations(), "甲乙", (0, 1, "ORG"), (1, 2, "ORG")) == []


def test_relations_that_were_there_are_replaced(nlp):
    pipe = nlp.get_pipe("nearest_relations")
    doc = document_to_doc(mark("去年青禾县好", "青禾县 HAS_DATE 去年"), nlp).doc
    assert found(doc) == ["青禾县 HAS_DATE 去年"]
    assert found(pipe(doc)) == []


@pytest.mark.parametrize("document", [mark(SENTENCE), Document("a", "春天来了。"), Document("a", "")])
def test_data_without_relations_says_so(nlp, document):
    with pytest.raises(ModelError, match="holds no relation") as caught:
        nlp.get_pipe("nearest_relations").initialize(lambda: examples_of(nlp, document))
    assert "'nearest_relations'" in caught.value.hint


@pytest.mark.parametrize("store", ["disk", "bytes", "pickle", "processes", "pipe", "doc bytes"])
def test_it_survives_storage(nlp, store, tmp_path):
    expected = found(nlp(SENTENCE))
    assert len(expected) == 3
    if store == "disk":
        nlp.to_disk(tmp_path / "nlp")
        again = spacy.load(tmp_path / "nlp")(SENTENCE)
    elif store == "bytes":
        again = spacy.blank("zh", config=nlp.config).from_bytes(nlp.to_bytes())(SENTENCE)
    elif store == "pickle":
        again = pickle.loads(pickle.dumps(nlp))(SENTENCE)
    elif store == "processes":
        again = list(nlp.pipe([SENTENCE] * 3, n_process=2, batch_size=1))[-1]
    elif store == "pipe":
        again = list(nlp.pipe(["", SENTENCE]))[-1]
    else:
        again = Doc(nlp.vocab).from_bytes(nlp(SENTENCE).to_bytes())
    assert found(again) == expected


def test_what_it_counted_survives_storage(tmp_path):
    pipe = count(("ORG", "ORG", "A"), ("ORG", "ORG", "B"), ("ORG", "ORG", "B"), ("机构", "DATE", "在"))
    pipe.to_disk(tmp_path / "deep" / "pipe")
    for again in (
        NearestRelations().from_disk(tmp_path / "deep" / "pipe"),
        NearestRelations().from_bytes(pipe.to_bytes()),
    ):
        assert (again.counts, again.labels) == (pipe.counts, ("B", "在"))


def test_spacy_scores_it(nlp):
    gold = mark(SENTENCE, "青禾县 HAS_METRIC 税收增长5.1%", "税收增长5.1% HAS_DATE 去年", "产值增长3% HAS_DATE 去年")
    scores = nlp.evaluate(examples_of(nlp, gold))
    assert (scores["rel_p"], scores["rel_r"]) == (2 / 3, 2 / 3)
    assert scores["rel_per_type"]["HAS_METRIC"] == {"p": 0.5, "r": 1.0, "f": pytest.approx(2 / 3)}


def test_a_scorer_of_ones_own_is_used():
    nlp = spacy.blank("zh")
    pipe = nlp.add_pipe("nearest_relations", config={"scorer": {"@scorers": "spacy.ner_scorer.v1"}})
    assert "ents_f" in pipe.score([])


def test_it_answers_on_gold_entities_and_tells_what_it_never_considered(ten):
    nlp = spacy.blank("zh")
    nlp.add_pipe("nearest_relations", name="relations")
    nlp.initialize(lambda: examples_of(nlp, ten))
    [predicted] = relate_gold(nlp, [ten])
    labels = {"ORG HAS_METRIC METRIC", "ORG RUNS PROGRAM", "METRIC HAS_DATE DATE", "METRIC PART_OF METRIC"}
    assert labels <= {f"{r.head.label} {r.label} {r.tail.label}" for r in predicted.relations}
    assert predicted.relations == tuple(sorted(set(predicted.relations)))
    assert len({r.tail for r in predicted.relations}) == len(predicted.relations)  # one head a tail
    assert isinstance(evaluate(nlp, [ten]), Evaluation)
    pipe = nlp.get_pipe("relations")
    causes = {miss.cause for miss in list_relation_misses([(ten, predicted)], proposed=pipe.considers)}
    assert causes == {"pair rejected"}  # none is beyond it, but for being the nearest


@pytest.mark.usefixtures("quick")
def test_a_sentence_that_never_ends_takes_no_time():
    doc = spacy.blank("zh").make_doc("甲乙，" * 30_000)
    members = [Span(doc, n, n + 1, label="ORG" if n % 3 else "METRIC") for n in range(0, len(doc), 2)]
    assert sum(1 for _ in nearest_heads(members, {("ORG", "METRIC"), ("DATE", "ORG")})) == 15_000


def test_it_stands_in_for_the_relations_component_of_a_config(small_config, ten, ten_path):
    from spacy.training.initialize import init_nlp

    config = small_config.copy()
    config["components"]["relations"] = {"factory": "nearest_relations"}
    config["nlp"]["pipeline"] = ["sentences", "relations"]
    config["corpora"]["train"] = {"@readers": "govnews.Corpus.v1", "path": str(ten_path), "split": None}
    config["initialize"] |= {"vectors": None, "init_tok2vec": None}
    config["training"]["annotating_components"] = []
    nlp = init_nlp(config)
    pipe = nlp.get_pipe("relations")
    assert isinstance(pipe, NearestRelations)
    assert sum(pipe.counts.values()) == len(ten.relations)

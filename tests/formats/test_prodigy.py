import json

import pytest

from foreign import GOLD, check_fault, check_loss, read, write
from govnews.records import Entity

TEXT = "雨湖区新增学位3700余个"
WORDS = ["雨湖区", "新增", "学位", "3700", "余个"]
ORG = {"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "ORG"}
METRIC = {"start": 5, "end": 13, "token_start": 2, "token_end": 4, "label": "METRIC"}


def tokens():
    at = 0
    for number, word in enumerate(WORDS):
        yield {"text": word, "start": at, "end": at + len(word), "id": number, "ws": False}
        at += len(word)


def task(*spans, **more):
    return {"text": TEXT, "tokens": list(tokens()), "spans": list(spans), "answer": "accept"} | more


def relation(**change):
    return {"head": 0, "child": 4, "head_span": ORG, "child_span": METRIC, "label": "HAS_METRIC"} | change


def save(tmp_path, *lines):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


def test_what_is_written_has_tokens_that_make_up_the_text(tmp_path):
    write("prodigy", [GOLD], tmp_path / "a.jsonl")
    written = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert "".join(token["text"] + " " * token["ws"] for token in written["tokens"]) == GOLD.text
    for span in written["spans"]:
        first, last = written["tokens"][span["token_start"]], written["tokens"][span["token_end"]]
        assert (first["start"], last["end"]) == (span["start"], span["end"])
    head, tail = (written["tokens"][written["relations"][0][key]]["text"] for key in ("head", "child"))
    assert (head, tail) == ("县", "个")


def test_spans_may_say_only_their_tokens_and_relations_only_the_last(tmp_path):
    spans = [{key: value for key, value in span.items() if key not in ("start", "end")} for span in (ORG, METRIC)]
    line = task(*spans, relations=[{"head": 0, "child": 4, "label": "HAS_METRIC"}])
    [[found], losses] = read("prodigy", save(tmp_path, line))
    assert found.entities == (Entity(0, 3, "ORG"), Entity(5, 13, "METRIC"))
    assert [(r.head.label, r.tail.label) for r in found.relations] == [("ORG", "METRIC")]
    assert losses == []


@pytest.mark.parametrize("answer", ["reject", "ignore"])
def test_what_was_not_accepted_is_listed(tmp_path, answer):
    [found] = check_loss("prodigy", save(tmp_path, task(id=1), task(answer=answer)), 2, "document", repr(answer))
    assert found.id == "1"


@pytest.mark.parametrize(
    ("bad", "kind", "why"),
    [
        (task(ORG | {"end": 14}), "entity", "spans 0..14"),
        (task(ORG, ORG), "entity", "stands twice"),
        (task(ORG, METRIC, relations=[relation(head_span=None, head=1)]), "relation", "joins what is no span"),
        (
            task(ORG, METRIC, relations=[relation(head_span=ORG | {"label": "GPE"})]),
            "relation",
            "joins what is no span",
        ),
        (task(ORG, METRIC, relations=[relation(), relation()]), "relation", "stands twice"),
        (task(ORG, METRIC, relations=[relation(child_span=None, child=99)]), "relation", "joins what is no span"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(tmp_path, bad, kind, why):
    check_loss("prodigy", save(tmp_path, task(), bad), 2, kind, why)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"text": "县", "spans": [', "is no JSON"),
        ({"spans": []}, "a task has no 'text'"),
        ({"text": 5}, "a task.text should be a string, found 5"),
        (task(spans=5), "spans should be a list, found 5"),
        (task(5), "spans[0] should be a JSON object, found 5"),
        (task({"start": 0, "end": 3}), "spans[0] has no 'label'"),
        (task({"start": "0", "end": 3, "label": "ORG"}), 'spans[0].start should be a whole number, found "0"'),
        (task({"token_start": 0, "token_end": 9, "label": "ORG"}), "spans[0] should be tokens from 0 to 4"),
        (task({"label": "ORG"}, tokens=[]), "spans[0] has no 'start'"),
        (task(tokens=[{"text": "县"}]), "tokens[0] has no 'start'"),
        (task(meta=5), "a task.meta should be a JSON object, found 5"),
        (task(ORG, METRIC, relations=[relation(label=None)]), "relations[0].label should be a string, found null"),
        (task(ORG, METRIC, relations=[relation(head_span=5)]), "relations[0].head_span should be a JSON object"),
        (task(ORG, METRIC, relations=[{"label": "RUNS"}]), "relations[0] has no 'head'"),
        (task(ORG, METRIC, relations=[5]), "relations[0] should be a JSON object, found 5"),
        (task(ORG | {"score": -1}), "spans[0].score should be a number from 0 to 1, found -1"),
        (task(meta={"id": "first"}), "a second document is called 'first'"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, bad, message):
    check_fault("prodigy", save(tmp_path, task(id="first"), "", bad), 3, message)

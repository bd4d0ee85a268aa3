import json

import pytest

from foreign import DATA, check_fault, check_loss, read
from govnews.formats.hanlp import read_hanlp
from govnews.records import Document, Entity

TOKENS = [["雨湖区", "新增"], ["学位", "3700余个"]]


def document(*entities, **more):
    return {"tok/fine": TOKENS, "ner/msra": [[], list(entities)]} | more


def save(tmp_path, *lines):
    path = tmp_path / "a.json"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


def test_one_sentence_may_stand_alone(tmp_path):
    path = save(tmp_path, {"tok": ["雨湖区", "新增"], "ner": [["雨湖区", "LOCATION", 0, 1]]})
    assert read_hanlp(path) == [Document("a-1", "雨湖区新增", (Entity(0, 3, "LOCATION"),))]


def test_tokens_are_found_in_a_text_that_has_white_space(tmp_path):
    text = "雨湖区\u3000新增\r\n\t学位 3700余个"
    path = save(tmp_path, document(["学位3700余个", "METRIC", 0, 2], text=text))
    [found] = read_hanlp(path)
    assert (found.text, [found.surface(e) for e in found.entities]) == (text, ["学位 3700余个"])


def test_a_second_task_is_listed_and_a_file_without_entities_has_none(tmp_path):
    check_loss("hanlp", save(tmp_path, document(**{"ner/pku": [[], []]})), 1, "task", "stands beside ner/msra")
    assert read("hanlp", save(tmp_path, {"tok": TOKENS})) == ([Document("a-1", "雨湖区新增学位3700余个")], [])


@pytest.mark.parametrize(
    ("entity", "why"),
    [
        (["学位", "METRIC", 0, 3], "spans tokens 0..3 of 2"),
        (["学位", "METRIC", 1, 1], "spans tokens 1..1 of 2"),
        (["学位", "METRIC", -1, 1], "spans tokens -1..1 of 2"),
        (["雨湖区", "METRIC", 0, 1], "does not stand at 5..7, where the text is '学位'"),
        (["学位", "", 0, 1], "has no label"),
    ],
)
def test_what_does_not_fit_is_listed(tmp_path, entity, why):
    check_loss("hanlp", save(tmp_path, document(id="first"), document(entity)), 2, "entity", why)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"tok": [["县"]', "is no JSON"),
        ({"ner": []}, "has no tokens"),
        ({"tok": 5}, "tok should be a list, found 5"),
        ({"tok": [["县"], 5]}, "the tokens should be lists of strings"),
        ({"tok": [[5]]}, "the tokens should be lists of strings"),
        ({"tok": [["县"], ["区"]], "ner": [[]]}, "ner holds 1 sentences, but tok holds 2"),
        ({"tok": [["县"]], "ner": [5]}, "sentence 0 of the entities should be a list, found 5"),
        ({"tok": [["县"]], "ner": 5}, "ner should be a list, found 5"),
        (document(["学位", "METRIC", 0]), "ner/msra[1][0] should be text, label, first token and one past the last"),
        (document("学位"), "ner/msra[1][0] should be text, label"),
        (document(["学位", "METRIC", "0", 1]), 'ner/msra[1][0].start should be a whole number, found "0"'),
        (document([5, "METRIC", 0, 1]), "ner/msra[1][0].text should be a string, found 5"),
        (document(text="雨湖区学位"), "token '新增' of sentence 0 does not follow in the text"),
        (document(text=5), "a document.text should be a string, found 5"),
        (document(id="first"), "a second document is called 'first'"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, bad, message):
    check_fault("hanlp", save(tmp_path, document(id="first"), "", bad), 3, message)


def test_a_pretty_printed_file_has_lines_too(tmp_path):
    path = tmp_path / "a.json"
    good = (DATA / "hanlp.json").read_text(encoding="utf-8")
    path.write_text(f"[{good},\n{good.replace('tok/', 'token/')}]", encoding="utf-8")
    check_fault("hanlp", path, good.count("\n") + 2, "has no tokens")

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.errors import GovnewsError
from govnews.extract import Options, find_inputs
from govnews.records import Document, Entity, Relation
from govnews.selection import LONGEST, SHORTEST, choose, cut_units, read_pool, texts_of
from govnews.uncertainty import Doubtful, Opinion
from strategies import texts


def opinion(name, text, bits, *labels):
    entities = tuple(Entity(n, n + 1, label) for n, label in enumerate(labels))
    return Opinion(Document(name, text, entities), bits, (Doubtful(0, 2, bits),))


def make_text(seed, length=40):
    letters = random.Random(seed)
    return "".join(chr(letters.randrange(0x4E00, 0x9000)) for _ in range(length))


def ids(choices):
    return [choice.document.id for choice in choices]


def test_the_most_doubtful_come_first_and_copies_last():
    pool = [opinion(f"copy {n}", make_text(0) + f"{n}%", 30.0) for n in range(20)]
    pool += [
        opinion("sure", make_text(1), 0.0),
        opinion("half", make_text(2), 15.0),
        opinion("some", make_text(3), 5.0),
    ]
    choices = choose(pool, 4)
    assert [name.split()[0] for name in ids(choices)] == ["copy", "half", "some", "copy"]
    assert choices[0].likeness == 0
    assert choices[3].likeness > 0.8
    assert choices[1].why == f"doubt 0.250 bits a character; {make_text(2)[:2]} 15.0; likeness to those before 0.00"
    assert choices[1].to_document().meta["why"] == choices[1].why


def test_doubt_counts_by_the_character_so_long_texts_are_not_favoured():
    pool = [opinion("long", make_text(0, 400), 40.0), opinion("short", make_text(1, 40), 20.0)]
    assert ids(choose(pool, 1)) == ["short"]


def test_each_label_gets_its_quota_the_rarest_first():
    pool = [opinion(f"org {n}", make_text(n), 20.0, "ORG") for n in range(30)]
    pool += [opinion(f"program {n}", make_text(100 + n), 1.0, "ORG", "PROGRAM") for n in range(5)]
    pool += [opinion("date", make_text(200), 0.1, "DATE")]
    chosen = choose(pool, 10, quota=0.2)
    assert ids(chosen)[0] == "date"
    assert chosen[0].quota == "DATE"
    assert chosen[0].why.startswith("quota of DATE; doubt 0.002 ")
    assert sum(name.startswith("program") for name in ids(chosen)) == 2
    assert not any(name.startswith(("program", "date")) for name in ids(choose(pool, 10, quota=0)))


def test_relations_have_quotas_too():
    pool = [opinion(f"org {n}", make_text(n), 20.0, "ORG", "ORG") for n in range(30)]
    head, tail = pool[0].document.entities
    related = Document("related", make_text(99), (head, tail), (Relation(head, tail, "PART_OF"),))
    assert ids(choose([*pool, Opinion(related, 0.0)], 10))[0] == "related"


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(texts.filter(bool), st.floats(0, 50), st.sampled_from(["ORG", "DATE", ""])), max_size=12),
    st.integers(1, 15),
    st.floats(0, 1),
    st.integers(0, 3),
)
def test_a_batch_is_what_was_asked_for_and_the_same_each_time(items, size, quota, seed):
    pool = [opinion(str(n), text, bits, *[label] * bool(label)) for n, (text, bits, label) in enumerate(items)]
    choices = choose(pool, size, quota=quota, seed=seed)
    assert len(set(ids(choices))) == len(choices) == min(size, len(pool))
    assert choose(pool, size, quota=quota, seed=seed) == choices
    assert all(0 <= choice.likeness <= 1 for choice in choices)


def test_without_any_doubt_the_seed_decides():
    pool = [opinion(str(n), make_text(n), 0.0) for n in range(50)]
    assert ids(choose(pool, 5, seed=1)) != ids(choose(pool, 5, seed=2))
    assert ids(choose(pool, 5, seed=1)) != [str(n) for n in range(5)]


def test_a_large_pool_takes_no_time(quick):
    text = make_text(0, 3000)
    pool = [opinion(str(n), text[n % 2900 :][:60] + str(n), float(n % 7)) for n in range(20_000)]
    assert len(choose(pool, 50)) == 50


@pytest.mark.parametrize("unit", ["paragraph", "sentence"])
@given(text=texts.map(lambda text: text * 12))
def test_units_are_parts_of_the_text_and_hold_all_that_is_long_enough(text, unit):
    units = list(cut_units(Document("a", text), unit))
    for part in units:
        start = int(part.id.removeprefix("a:"))
        assert text[start : start + len(part.text)] == part.text == part.text.strip()
        assert SHORTEST <= len(part.text) <= max(LONGEST, len(text) if unit == "sentence" else 0)
        assert "\n" not in part.text


def test_annotation_is_cut_with_the_text(ten):
    parts = list(cut_units(ten))
    assert [len(part.text) >= SHORTEST for part in parts] == [True] * len(parts)
    assert sum(len(part.entities) for part in parts) == len(ten.entities)
    assert sum(len(part.relations) for part in parts) == len(ten.relations)


def test_a_pool_is_read_once_without_what_is_known_and_faults_are_told(ten, tmp_path):
    new = "临江县上半年接待游客12万人次。"
    (tmp_path / "a.txt").write_text(f"{ten.text}\n{new}\n", encoding="utf-8")
    rows = [{"id": "x", "text": new}, {"id": "y", "text": f"{new}全镇干劲十足地迎难而上。"}]
    lines = [*(json.dumps(row) for row in rows), "{"]
    (tmp_path / "b.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"\0\1")
    problems: list[GovnewsError] = []
    inputs = find_inputs([tmp_path])
    known = texts_of([ten], "paragraph")
    found = list(read_pool(inputs, Options(), known=known, tell=problems.append))
    assert [part.text for part in found] == [new, f"{new}全镇干劲十足地迎难而上。"]
    assert found[1].id == f"{tmp_path / 'b.jsonl'}#y:0"
    assert len(problems) == 2
    sentences = list(read_pool(inputs, Options(), unit="sentence", known=texts_of([ten], "sentence")))
    assert [part.text for part in sentences] == [new, "全镇干劲十足地迎难而上。"]

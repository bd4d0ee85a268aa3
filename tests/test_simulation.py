"""Choice against chance with a learner whose worth is known: it is as good as the kinds of text it has seen."""

import io
import json

import pytest

from govnews.errors import GovnewsError
from govnews.records import Document, Entity
from govnews.report.choice_tables import simulation_table
from govnews.simulation import Simulation, simulate
from govnews.uncertainty import Opinion


def make_pool():
    """Hundred texts of one kind, and one text each of ten others."""
    kinds = ["甲"] * 100 + list("乙丙丁戊己庚辛壬癸子")
    return [
        Document(str(n), f"{kind}{chr(0x5000 + 3 * n) * 12}", (Entity(0, 1, "ORG"),)) for n, kind in enumerate(kinds)
    ]


class Learner:
    def __init__(self, documents, judged):
        self.seen = {document.text[0] for document in documents}
        self.judged = judged

    def judge(self, documents):
        self.judged += documents
        return [Opinion(document, 0.0 if document.text[0] in self.seen else 9.0) for document in documents]

    def score(self, documents):
        return sum(document.text[0] in self.seen for document in documents) / len(documents)


HELD_OUT = [Document(f"test {kind}", kind) for kind in "甲乙丙丁戊己庚辛壬癸子"]


def run(judged=None, **options):
    trained = []

    def train(documents, seed):
        trained.append([document.id for document in documents])
        return Learner(documents, judged if judged is not None else [])

    options = {"start": 5, "size": 5, "rounds": 2, "seeds": (0, 1, 2)} | options
    points = tuple(simulate(make_pool(), HELD_OUT, train, **options))
    return Simulation(points), trained


def test_a_learner_that_knows_what_it_lacks_gains_by_choice():
    simulation, trained = run()
    assert len(simulation.points) == 3 * 2 * 3
    assert len(trained) == 3 * (1 + 2 * 2)
    last = [point for point in simulation.points if point.round == 2]
    assert {point.f1 for point in last if point.arm == "choice"} == {1.0}
    assert all(gain > 0.2 for gain in simulation.gains[2])
    assert set(simulation.gains) == {1, 2}


def test_both_begin_alike_and_cost_about_the_same():
    simulation, trained = run()
    for seed in range(3):
        choice, chance = (
            [point for point in simulation.points if point.seed == seed and point.arm == arm]
            for arm in ("choice", "chance")
        )
        assert (choice[0].documents, choice[0].f1) == (chance[0].documents, chance[0].f1)
        for one, other in zip(choice, chance, strict=True):
            assert one.characters <= other.characters < one.characters + 14
    for choice, chance in (trained[1:3], trained[3:5]):
        assert choice[:5] == chance[:5] == trained[0]
        assert len(set(choice)) == len(choice)


def test_what_is_judged_shows_no_annotation():
    judged = []
    run(judged)
    assert judged
    assert not any(document.entities for document in judged)


def test_the_same_seeds_give_the_same_points():
    assert run() == run()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 101}, "110 texts that are not held out are too few"),
        ({"rounds": 22}, "are too few for 5 and 22 times 5"),
    ],
)
def test_too_small_a_pool_is_told(options, message):
    with pytest.raises(GovnewsError, match=message):
        run(**options)


def test_what_is_scored_is_never_trained_on():
    held_out = [Document("x", "\n".join(["别的", *(document.text for document in make_pool()[:50])]))]
    trained = []

    def train(documents, seed):
        trained.extend(int(document.id) for document in documents)
        return Learner(documents, [])

    list(simulate(make_pool(), held_out, train, start=20, size=20, rounds=2))
    assert min(trained) == 50


def test_the_table_and_the_file_say_what_was_gained():
    from rich.console import Console

    simulation, _ = run()
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(simulation_table(simulation))
    assert "(3 of 3 seeds)" in console.export_text()
    data = json.loads(json.dumps(simulation.to_dict()))
    assert [gain["round"] for gain in data["gains"]] == [1, 2]
    assert data["gains"][1]["seeds"] == 3
    one_seed, _ = run(seeds=(0,))
    assert one_seed.to_dict()["gains"][0]["std"] is None

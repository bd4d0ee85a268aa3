import pytest

from govnews.ceiling import Ceiling
from govnews.crossval import Fold, cross_validate, make_folds, pool_predictions, summarize
from govnews.errors import GovnewsError
from govnews.evaluation import Evaluation
from govnews.records import Document, Entity


def test_every_document_is_held_out_once_and_never_trained_on_meanwhile():
    documents = [Document(str(n), "字" * (n * 137 + 1)) for n in range(11)]
    folds = make_folds(documents, 5)
    assert sorted(d.id for _, held_out in folds for d in held_out) == sorted(d.id for d in documents)
    for train, held_out in folds:
        assert {d.id for d in train} | {d.id for d in held_out} == {d.id for d in documents}
        assert not {d.id for d in train} & {d.id for d in held_out}


def test_folds_are_of_about_equal_length():
    documents = [Document(str(n), "字" * length) for n, length in enumerate([1000, 10, 10, 10, 500, 490, 1000])]
    lengths = [sum(len(d.text) for d in held_out) for _, held_out in make_folds(documents, 3)]
    assert max(lengths) < 1.2 * min(lengths)


def test_too_few_documents_are_told():
    with pytest.raises(GovnewsError, match="cannot be split into 5 folds"):
        make_folds([Document("a", "x")], 5)


def test_each_fold_is_scored_on_what_it_did_not_see(ten, ten_parts, small_config, tmp_path):
    config = tmp_path / "small.cfg"
    small_config.to_disk(config)
    messages = []
    folds = list(
        cross_validate(
            config,
            ten_parts,
            n_folds=2,
            overrides={"training.max_steps": 3},
            progress=messages.append,
        )
    )
    assert len(folds) == len(messages) == 2
    assert sorted(id for fold in folds for id in fold.held_out) == sorted(d.id for d in ten_parts)
    summary = summarize(folds)
    assert summary["pooled"]["0"]["entities"]["micro"]["gold"] == len(ten.entities)
    assert summary["pooled"]["0"]["characters"] == sum(len(d.text) for d in ten_parts)


def make_fold(seed, hits):
    gold = tuple(Entity(n, n + 1, "ORG") for n in range(10))
    found = tuple(Entity(n + (0 if n < hits else 10), n + 1 + (0 if n < hits else 10), "ORG") for n in range(10))
    pair = (Document("a", "字" * 20, gold), Document("a", "字" * 20, found))
    return Fold(seed, ("a",), Evaluation((pair,), None, Ceiling(1, 1, 1, 1)))


def test_the_summary_pools_folds_and_spreads_over_seeds():
    summary = summarize([make_fold(0, 5), make_fold(0, 7), make_fold(1, 8), make_fold(1, 8)])
    assert summary["pooled"]["0"]["entities"]["micro"]["f1"] == 0.6
    assert summary["summary"]["entities"] == {"mean_f1": 0.7, "std_f1": 0.1414, "worst_f1": 0.6}
    assert "relations_on_gold" not in summary["summary"]
    assert len(summary["folds"]) == 4


def test_held_out_predictions_carry_the_share_of_seeds_that_made_them():
    [pooled] = pool_predictions([make_fold(0, 5), make_fold(1, 8)])
    assert pooled.id == "a"
    scores = {entity.start: entity.score for entity in pooled.entities}
    assert [scores[n] for n in (0, 4, 5, 7)] == [1.0, 1.0, 0.5, 0.5]
    assert scores[18] == 1.0

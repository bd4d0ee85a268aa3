import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.curve import Curve, CurvePoint, PowerLaw, fit_power_law, grow_parts, measure_curve, read_curve
from govnews.errors import FormatError, GovnewsError
from govnews.records import Document
from govnews.report.tables import curve_tables

SIZES = [100, 200, 400, 800, 1600]


@pytest.mark.parametrize(("scale", "exponent", "floor"), [(4.0, 0.4, 0.0), (3.0, 0.5, 0.1), (30.0, 0.9, 0.05)])
def test_a_power_law_is_found_again(scale, exponent, floor):
    truth = PowerLaw(scale, exponent, floor)
    fitted = fit_power_law(SIZES, [truth.predict(size) for size in SIZES])
    for size in (150, 1600, 3200):
        assert fitted.predict(size) == pytest.approx(truth.predict(size), abs=2e-3)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_whatever_the_scores_more_text_is_never_expected_to_harm(scores):
    law = fit_power_law(SIZES, scores)
    assert 0 <= law.floor <= 1
    assert law.predict(1700) >= law.predict(1600) - 1e-12
    assert law.predict(1700) <= 1 + 1e-9


def points(seed, scores):
    return [CurvePoint(seed, size / 1600, 1, size, 40 * size, score) for size, score in zip(SIZES, scores, strict=True)]


def test_the_forecast_says_what_more_sentences_bring_and_how_far_the_seeds_part():
    slow, fast = PowerLaw(2.0, 0.2, 0.0), PowerLaw(2.0, 0.4, 0.0)
    curve = Curve(
        tuple(points(0, map(slow.predict, SIZES)) + points(1, map(fast.predict, SIZES))),
        more=400,
    )
    forecast = curve.forecasts["entities"]
    gains = sorted(law.predict(2000) - law.predict(1600) for law in (slow, fast))
    assert [forecast.low, forecast.high] == pytest.approx(gains, abs=2e-3)
    assert forecast.low < forecast.gain < forecast.high
    assert set(curve.laws) == {"entities"}  # no relations were scored


def test_three_sizes_are_too_few_for_a_law_of_three_parameters():
    assert Curve(tuple(points(0, [0.1, 0.2, 0.3, 0.4, 0.5])[:3])).forecasts == {}
    assert Curve(()).forecasts == {}


def test_one_seed_tells_nothing_about_how_far_seeds_part():
    forecast = Curve(tuple(points(0, [0.1, 0.2, 0.3, 0.4, 0.45]))).forecasts["entities"]
    assert forecast.gain > 0
    assert forecast.low is None


def test_nothing_to_train_on_is_told():
    with pytest.raises(GovnewsError, match="nothing to train on"):
        grow_parts([], [1.0], seed=0)


def test_points_of_one_share_stand_in_one_row_of_the_table():
    from rich.console import Console

    found = [CurvePoint(0, 0.5, 1, 10, 400, 0.2), CurvePoint(0, 1.0, 2, 20, 800, 0.4)]
    found += [CurvePoint(1, 1.0, 2, 20, 800, 0.6)]  # at the half, the second seed had the same part as at the whole
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(curve_tables(Curve(tuple(found))))
    rows = [line for line in console.export_text().splitlines() if "│" in line]
    assert ["0.200" in rows[0], "0.500 ± 0.141" in rows[1]] == [True, True]


def test_smaller_parts_are_contained_in_larger_ones_and_the_last_is_everything():
    documents = [Document(str(n), "字" * (10 + n)) for n in range(20)]
    parts = [part for _, part in grow_parts(documents, [0.1, 0.5, 1.0], seed=0)]
    assert [part == parts[-1][: len(part)] for part in parts] == [True] * 3
    assert sorted(d.id for d in parts[-1]) == sorted(d.id for d in documents)
    total = sum(len(d.text) for d in documents)
    assert [sum(len(d.text) for d in part) / total for part in parts] == pytest.approx([0.1, 0.5, 1.0], abs=0.06)
    assert grow_parts(documents, [0.5], seed=0) != grow_parts(documents, [0.5], seed=1)
    assert len(grow_parts(documents[:1], [0.1, 0.5, 1.0], seed=0)) == 1


def test_a_curve_is_trained_on_growing_parts_and_read_back(ten_parts, small_config, tmp_path):
    config = tmp_path / "small.cfg"
    small_config.to_disk(config)
    messages = []
    found = list(
        measure_curve(
            config,
            ten_parts[:6],
            ten_parts[6:],
            fractions=[0.5, 1.0],
            overrides={"training.max_steps": 2},
            progress=messages.append,
        )
    )
    assert [p.documents for p in found] == sorted(p.documents for p in found)
    assert found[-1].documents == 6
    assert found[-1].sentences == 6
    assert found[-1].relations is not None
    assert len(messages) == 2
    path = tmp_path / "curve.json"
    path.write_text(json.dumps(Curve(tuple(found), 50).to_dict()))
    assert read_curve(path) == Curve(tuple(found), 50)


def test_what_is_scored_may_not_be_trained_on(ten, tmp_path):
    with pytest.raises(GovnewsError, match="both trained on and held out"):
        next(measure_curve(tmp_path / "x.cfg", [ten], [ten]))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"points": [{"seed": 1}], "more": 3}', '{"points": 3, "more": 1}'])
def test_a_file_of_something_else_is_told(tmp_path, text):
    path = tmp_path / "curve.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"holds no learning curve|empty"):
        read_curve(path)

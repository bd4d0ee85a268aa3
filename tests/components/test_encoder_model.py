import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thinc.api import Adam

from govnews.components.encoder_model import build_dilated_encoder, dilated_window

WIDTH = 4


def make(dilations, lengths=(40,), seed=0):
    rng = np.random.default_rng(seed)
    docs = [rng.normal(size=(n, WIDTH)).astype("f") for n in lengths]
    model = build_dilated_encoder(WIDTH, dilations, 2)
    model.initialize(X=docs, Y=docs)
    return model, docs


@given(st.integers(1, 4), st.integers(0, 6))
def test_a_window_holds_the_rows_before_and_after(dilation, count):
    rows = np.arange(1, 1 + count * 2, dtype="f").reshape(count, 2)
    model = dilated_window(dilation)
    output = model.predict(rows)
    for n in range(count):
        before = rows[n - dilation] if n >= dilation else [0, 0]
        after = rows[n + dilation] if n + dilation < count else [0, 0]
        assert output[n].tolist() == [*before, *rows[n], *after]


@given(st.integers(1, 4), st.integers(1, 6))
def test_the_gradient_of_a_window_is_that_of_a_linear_map(dilation, count):
    rng = np.random.default_rng(count)
    rows = rng.normal(size=(count, 2)).astype("f")
    change = rng.normal(size=(count, 2)).astype("f")
    model = dilated_window(dilation)
    output, backprop = model(rows, is_train=True)
    gradient = rng.normal(size=output.shape).astype("f")
    moved = model.predict(change)  # linear, so the change of the output is the output of the change
    assert (gradient * moved).sum() == pytest.approx((backprop(gradient) * change).sum(), abs=1e-4)


def test_a_token_sees_as_far_as_the_dilations_add_up():
    model, [rows] = make([1, 2, 4])
    before = model.predict([rows])[0]
    changed = rows.copy()
    changed[20] += 1
    after = model.predict([changed])[0]
    differing = np.flatnonzero(np.abs(after - before).max(axis=1) > 1e-6)
    assert (differing.min(), differing.max()) == (13, 27)


def test_documents_do_not_see_each_other():
    model, docs = make([1, 2, 4], lengths=(5, 0, 9))
    together = model.predict(docs)
    assert [y.shape for y in together] == [(5, WIDTH), (0, WIDTH), (9, WIDTH)]
    for doc, found in zip(docs, together, strict=True):
        if len(doc):
            assert np.allclose(model.predict([doc])[0], found, atol=1e-5)


def test_it_learns_what_lies_twelve_tokens_away_and_survives_bytes():
    model, docs = make([1, 2, 4, 8], lengths=(60, 60))
    targets = [np.concatenate([np.zeros((12, WIDTH), "f"), doc[:-12]]) for doc in docs]
    optimizer = Adam(0.01)
    losses = []
    for _ in range(150):
        found, backprop = model(docs, is_train=True)
        gradients = [y - t for y, t in zip(found, targets, strict=True)]
        losses.append(sum(float((g**2).mean()) for g in gradients))
        backprop(gradients)
        model.finish_update(optimizer)
    assert losses[-1] < 0.3 * losses[0]
    other, _ = make([1, 2, 4, 8], seed=1)
    other.from_bytes(model.to_bytes())
    assert np.allclose(other.predict(docs)[0], model.predict(docs)[0])


@pytest.mark.parametrize("dilations", [[], [0], [1, -2]])
def test_distances_are_positive(dilations):
    with pytest.raises(ValueError, match="dilations are positive distances"):
        build_dilated_encoder(WIDTH, dilations, 2)

"""Pretrain the encoder of a pipeline on segmented and tagged sentences.

The encoder learns to say, for each character, the part of speech of its word and its place in
it: what a number, a time, a place or an organisation looks like. `[initialize] init_tok2vec` of a
training config then starts from these weights. Joint tags of boundary and part of speech follow
Ng and Low, Chinese Part-of-Speech Tagging: One-at-a-Time or All-at-Once? (EMNLP 2004).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govnews.errors import GovnewsError
from govnews.metrics.scores import Score

Sentence = list[tuple[str, str]]
COMPONENT = "tok2vec"
PROGRESS_EVERY = 10


@dataclass(frozen=True, slots=True)
class Step:
    """How far pretraining is: characters seen, and the mean loss a character since the last step."""

    characters: int
    loss: float


def pretrain_encoder(
    config: str | Path,
    train: Sequence[Sentence],
    development: Sequence[Sentence],
    output: str | Path,
    *,
    epochs: int = 1,
    batch_chars: int = 2_000,
    dropout: float = 0.1,
    learn_rate: float = 0.001,
    seed: int = 0,
    max_chars: int | None = None,
    progress: Callable[[Step], None] = lambda step: None,
) -> Score:
    """Pretrain the `tok2vec` of a config as a character tagger and write its weights.

    Args:
        config: A training config with a `tok2vec` component.
        train: Sentences as lists of (word, tag).
        development: Sentences the tagger is scored on at the end.
        output: File for the weights, for `[initialize] init_tok2vec`.
        epochs: Passes over the sentences.
        batch_chars: Characters a batch.
        dropout: As in training.
        learn_rate: Of Adam at the start; it falls linearly to a tenth.
        seed: Of the weights and of the order of sentences.
        max_chars: Stop after so many characters.
        progress: Called every ten batches.

    Returns:
        Score of the tagger on the development sentences: a character counts when its tag is right.

    Raises:
        GovnewsError: There are no tagged sentences, or the config has no `tok2vec`.
    """
    import numpy as np
    from thinc.api import Adam, Model, Softmax, chain, fix_random_seed, set_dropout_rate, with_array

    from govnews.formats.textfile import replacing

    tags = sorted({name for sentence in train for _, name in character_tags(sentence)})
    if not any(sentence for sentence in train) or len(tags) < 2:
        raise GovnewsError(
            "there are no tagged sentences to learn from", hint="The file holds sentences of word/tag, one a line."
        )
    fix_random_seed(seed)
    nlp = _load(config)
    encoder = nlp.get_pipe(COMPONENT).model
    model: Model[Any, Any] = chain(encoder, with_array(Softmax(nO=len(tags))))
    model.initialize(X=[_doc(nlp, sentence) for sentence in train[:10]])
    ids = {tag: number for number, tag in enumerate(tags)}
    optimizer = Adam(learn_rate, use_averages=True)
    total = epochs * sum(len(word) for sentence in train for word, _ in sentence)
    total = min(total, max_chars or total)
    seen = counted = 0
    loss = 0.0
    order = random.Random(seed)
    set_dropout_rate(model, dropout)
    for number, batch in enumerate(_batches(train, epochs, batch_chars, order), start=1):
        docs = [_doc(nlp, sentence) for sentence in batch]
        truth = np.array([ids[name] for sentence in batch for _, name in character_tags(sentence)])
        optimizer.learn_rate = learn_rate * (1 - 0.9 * min(1.0, seen / total))
        outputs, backprop = model.begin_update(docs)
        scores = model.ops.xp.concatenate(outputs)
        rows = np.arange(len(truth))
        loss -= float(np.log(np.maximum(scores[rows, truth], 1e-9)).sum())
        gradient = scores.copy()
        gradient[rows, truth] -= 1
        gradient /= len(truth)
        ends = np.cumsum([len(doc) for doc in docs])[:-1]
        backprop(np.split(gradient, ends))
        model.finish_update(optimizer)
        seen += len(truth)
        counted += len(truth)
        if number % PROGRESS_EVERY == 0:
            progress(Step(seen, loss / counted))
            loss, counted = 0.0, 0
        if seen >= total:
            break
    with model.use_params(optimizer.averages):
        score = _score(nlp, model, development, ids)
        with replacing(output) as part:
            part.write_bytes(encoder.to_bytes())
    return score


def character_tags(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Each character with the part of speech of its word and its place in it.

    >>> list(character_tags([("增长", "v"), ("5", "m")]))
    [('增', 'B-v'), ('长', 'E-v'), ('5', 'S-m')]
    """
    for word, tag in sentence:
        last = len(word) - 1
        for position, char in enumerate(word):
            place = "S" if not last else "B" if not position else "E" if position == last else "M"
            yield char, f"{place}-{tag}"


def _load(config: str | Path) -> Any:
    from spacy.training.initialize import load_vectors_into_model
    from spacy.util import load_config, load_model_from_config, registry

    loaded = load_config(config, interpolate=True)
    if COMPONENT not in loaded["components"]:
        raise GovnewsError(f"has no component {COMPONENT!r}", path=config, hint="There is nothing to pretrain in it.")
    settings = registry.resolve({"tokenizer": loaded["initialize"].get("tokenizer", {})})["tokenizer"]
    nlp = load_model_from_config(loaded, auto_fill=True)
    if loaded["initialize"]["vectors"]:
        load_vectors_into_model(nlp, loaded["initialize"]["vectors"])
    if hasattr(nlp.tokenizer, "initialize"):
        nlp.tokenizer.initialize(lambda: [], nlp=nlp, **settings)
    return nlp


def _doc(nlp: Any, sentence: Sentence) -> Any:
    return nlp.make_doc("".join(word for word, _ in sentence))


def _batches(
    sentences: Sequence[Sentence], epochs: int, batch_chars: int, order: random.Random
) -> Iterable[list[Sentence]]:
    for _ in range(epochs):
        shuffled = order.sample(sentences, len(sentences))
        batch: list[Sentence] = []
        size = 0
        for sentence in shuffled:
            batch.append(sentence)
            size += sum(len(word) for word, _ in sentence)
            if size >= batch_chars:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch


def _score(nlp: Any, model: Any, sentences: Sequence[Sentence], ids: dict[str, int]) -> Score:
    hits = count = 0
    for sentence in sentences:
        truth = [ids.get(name, -1) for _, name in character_tags(sentence)]
        [scores] = model.predict([_doc(nlp, sentence)])
        hits += int((scores.argmax(axis=1) == truth).sum())
        count += len(truth)
    return Score(hits, count, count)

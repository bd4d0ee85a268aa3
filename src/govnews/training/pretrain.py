"""Pretrain the encoder of a pipeline on raw and on tagged text.

On raw text the encoder learns to guess whole masked words, unit by unit, from what stands around them
(Devlin et al. 2019: BERT; Cui et al. 2021: Pre-training with whole word masking for Chinese BERT). On tagged text
it learns to say, for each unit, the part of speech of its word and its place in it (Ng and Low 2004: Chinese
part-of-speech tagging: one-at-a-time or all-at-once?). Units are what the pipeline makes tokens of: characters, or
words. Both are learned together, by a torch copy of the encoder; `[initialize] init_tok2vec` of a training config
then starts from the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from govnews.errors import GovnewsError
from govnews.training.texts import (
    NOTHING,
    Batch,
    Cut,
    Reader,
    Sentence,
    Texts,
    choose_words,
    number_units,
    unit_tags,
)

COMPONENT = "tok2vec"
PROGRESS_EVERY = 10
WARM_UP = 100


@dataclass(frozen=True, slots=True)
class Step:
    """How far pretraining is.

    Args:
        characters: Characters of raw and tagged text seen so far.
        total: How many it will be.
        losses: Mean loss since the last step, in nats: of a masked unit, of a tagged one; of the kinds there are.
    """

    characters: int
    total: int
    losses: tuple[float, ...]


class _Task:
    """One kind of text, and what is to be learned of its units.

    Args:
        reader: Of the texts.
        head: From encoded units to the classes.
        classes: Numbers of the units to guess; None where texts bring their targets.
        mask: Share of words to mask.
    """

    def __init__(self, reader: Reader, head: Any, classes: Mapping[str, int] | None, mask: float) -> None:
        self.reader, self.head, self.classes, self.mask = reader, head, classes, mask
        self.name = "tags" if classes is None else "masked"
        self.guesses = np.array([(classes or {}).get(unit, NOTHING) for unit in reader.texts.inventory])

    def draw(self, positions: np.ndarray, random: np.random.Generator) -> tuple[Batch, np.ndarray]:
        """What the encoder sees, and the class of each unit of it; negative where there is none."""
        texts = self.reader.texts
        kept = texts.units[positions] != 0
        if self.classes is None:
            return self.reader.read(positions, np.zeros(len(positions), dtype=bool)), texts.targets[positions][kept]
        masked = choose_words(texts.numbers[positions], self.mask, random) & kept
        targets = np.where(masked, self.guesses[texts.units[positions]], NOTHING)
        return self.reader.read(positions, masked), targets[kept]

    def characters(self, positions: np.ndarray) -> int:
        """Characters at some positions, the ends of texts left out."""
        units = self.reader.texts.units[positions]
        return int(self.reader.texts.sizes[units[units != 0]].sum())


def pretrain_encoder(
    config: str | Path,
    output: str | Path,
    *,
    raw: Iterable[Sentence] = (),
    tagged: Sequence[Sentence] = (),
    development: Sequence[Sentence] = (),
    epochs: float = 1.0,
    batch_chars: int = 16_000,
    mask: float = 0.15,
    learn_rate: float = 0.002,
    seed: int = 0,
    progress: Callable[[Step], None] = lambda step: None,
) -> dict[str, float]:
    """Pretrain the `tok2vec` of a config and write its weights.

    Where there are both kinds of text, a quarter of each batch is tagged.

    Args:
        config: A training config whose `tok2vec` is a `govnews.NgramEmbed.v1` and a `govnews.DilatedEncoder.v1`.
        output: File for the weights, for `[initialize] init_tok2vec`.
        raw: Segmented sentences, as lists of (word, anything). Where tokens are words, the pipeline's tokenizer cuts
            each sentence anew, and one that is not segmented serves as well.
        tagged: Sentences of (word, part of speech).
        development: Tagged sentences that the outcome is measured on.
        epochs: Passes over the raw text, or over the tagged where there is none.
        batch_chars: About how many characters a batch has.
        mask: Share of words to mask.
        learn_rate: Of Adam after a hundred batches; it falls linearly to a twentieth.
        seed: Of weights, order and masks.
        progress: Called every ten batches.

    Returns:
        Share of the units of `development` that are right: `masked`, guessed, and `tags`; of the kinds there are.

    Raises:
        GovnewsError: There is no text, torch is not installed, or the config has no `tok2vec`.
    """
    try:
        import torch
    except ImportError:
        raise GovnewsError(
            "pretraining needs the package torch", hint='Install it with: pip install "govnews[pretrain]"'
        ) from None
    from thinc.api import fix_random_seed

    from govnews.formats.textfile import replacing
    from govnews.training.heads import build_head
    from govnews.training.twin import Twin

    nlp = _load(config)
    cut = _units(nlp)
    names = sorted({name for sentence in tagged for _, name in unit_tags(sentence, cut) if name})
    tags = {name: number for number, name in enumerate(names)}
    sources = [(Texts.read(raw, cut=cut), 1.0), (Texts.read(tagged, tags, cut=cut), 1.0)]
    if not any(len(texts) for texts, _ in sources):
        raise GovnewsError("there is no text to learn from", hint="Name segmented text, tagged text, or both.")
    if all(len(texts) for texts, _ in sources):
        sources = [(sources[0][0], 0.75), (sources[1][0], 0.25)]
    fix_random_seed(seed)
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    encoder = nlp.get_pipe(COMPONENT).model
    encoder.initialize(X=[nlp.make_doc("初始化")])
    features = next((node.attrs["features"] for node in encoder.walk() if node.name == "govnews_features"), None)
    if features is None:
        raise GovnewsError(
            f"has another {COMPONENT!r} than can be pretrained",
            path=config,
            hint="It should be a spacy.Tok2Vec.v2 of govnews.NgramEmbed.v1 and govnews.DilatedEncoder.v1.",
        )
    twin = Twin(encoder)
    tasks, streams, shares = [], [], []
    for texts, share in sources:
        if len(texts):
            classes = None if texts.targets.max(initial=NOTHING) >= 0 else number_units(texts)
            head = build_head(twin.width, len(tags if classes is None else classes))
            tasks.append(_Task(Reader(nlp, features, texts), head, classes, mask))
            streams.append(texts.batches(int(batch_chars * share * len(texts.units) / texts.characters), random))
            shares.append(texts.characters / share)
    _optimize(twin, tasks, zip(*streams, strict=True), int(epochs * shares[0]), learn_rate, random, progress)
    with torch.no_grad():
        for parameter in twin.parameters():  # half precision in single: the zeros in it take no room in a wheel
            parameter.copy_(parameter.half().float())
    twin.write_back()
    with replacing(output) as path:
        path.write_bytes(encoder.to_bytes())
    held_out = Texts.read(development, tags, cut=cut)
    judges = [_Task(Reader(nlp, features, held_out), task.head, task.classes, mask) for task in tasks]
    return {judge.name: _accuracy(twin, judge, seed) for judge in judges if len(held_out)}


def _optimize(
    twin: Any,
    tasks: Sequence[_Task],
    batches: Iterable[Sequence[np.ndarray]],
    total: int,
    learn_rate: float,
    random: np.random.Generator,
    progress: Callable[[Step], None],
) -> None:
    """Train on batches of positions, one array a task, until `total` characters are seen."""
    import torch

    parameters = [*twin.parameters(), *(p for task in tasks for p in task.head.parameters())]
    optimizer = torch.optim.Adam(parameters, lr=learn_rate, betas=(0.9, 0.98), fused=True)
    seen, recent = 0, []
    for number, positions in enumerate(batches, start=1):
        for group in optimizer.param_groups:
            group["lr"] = learn_rate * min(1.0, number / WARM_UP) * (1 - 0.95 * seen / total)
        losses, characters = _losses(twin, tasks, positions, random)
        optimizer.zero_grad()
        torch.stack(losses).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seen += characters
        recent.append([loss.item() for loss in losses])
        if number % PROGRESS_EVERY == 0 or seen >= total:
            progress(Step(seen, total, tuple(np.mean(recent, axis=0))))
            recent = []
        if seen >= total:
            break


def _losses(
    twin: Any, tasks: Sequence[_Task], positions: Sequence[np.ndarray], random: np.random.Generator
) -> tuple[list[Any], int]:
    """The mean loss of each task on its part of a batch, and the characters in all."""
    import torch

    drawn = [task.draw(at, random) for task, at in zip(tasks, positions, strict=True)]
    losses = []
    with torch.autocast("cpu", torch.bfloat16):
        rows = _encode(twin, [batch for batch, _ in drawn])
        parts = rows.split([len(targets) for _, targets in drawn])
        for task, part, (_, targets) in zip(tasks, parts, drawn, strict=True):
            asked = np.flatnonzero(targets >= 0)
            losses.append(task.head.loss(part[torch.from_numpy(asked)], torch.from_numpy(targets[asked]).long()))
    return losses, sum(task.characters(at) for task, at in zip(tasks, positions, strict=True))


def _encode(twin: Any, batches: Sequence[Batch]) -> Any:
    ids, vectors = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("ids", "vectors"))
    return twin(*twin.prepare(ids, vectors), [length for batch in batches for length in batch.lengths])


def _accuracy(twin: Any, judge: _Task, seed: int) -> float:
    """Share of the asked units that are right; a tag that is unknown is asked and wrong."""
    import torch

    texts = judge.reader.texts
    random = np.random.default_rng(seed)
    hits = count = 0
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for first in range(0, len(texts), 100):
            chosen = range(first, min(first + 100, len(texts)))
            batch, targets = judge.draw(texts.take(chosen), random)
            found = judge.head.predict(_encode(twin, [batch])).numpy()
            hits += int(((found == targets) & (targets >= 0)).sum())
            count += int((targets != NOTHING).sum())
    return hits / max(1, count)


def _units(nlp: Any) -> Cut:
    """What makes the units of a text: `list` where tokens are characters."""
    from govnews.components.tokenizer import CharacterTokenizer

    if isinstance(nlp.tokenizer, CharacterTokenizer):
        return list
    return getattr(nlp.tokenizer, "cut", lambda text: [token.text for token in nlp.make_doc(text)])


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

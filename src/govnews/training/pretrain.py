"""Pretrain the encoder of a pipeline on raw and on tagged text.

On raw text the encoder learns to guess whole masked words, character by character, from what stands around them
(Devlin et al. 2019: BERT; Cui et al. 2021: Pre-training with whole word masking for Chinese BERT). On tagged text
it learns to say, for each character, the part of speech of its word and its place in it (Ng and Low 2004: Chinese
part-of-speech tagging: one-at-a-time or all-at-once?). Both are learned together, by a torch copy of the encoder;
`[initialize] init_tok2vec` of a training config then starts from the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from govnews.components.features import Characters
from govnews.components.lexicon import code_points
from govnews.convert import BEGIN, END, MIDDLE, SINGLE
from govnews.errors import GovnewsError

Sentence = list[tuple[str, str]]
COMPONENT = "tok2vec"
MASK = 0xE000
PROGRESS_EVERY = 10
WARM_UP = 100
MIN_CHARACTER_COUNT = 20


@dataclass(frozen=True, slots=True)
class Step:
    """How far pretraining is.

    Args:
        characters: Characters of raw and tagged text seen so far.
        total: How many it will be.
        losses: Mean loss since the last step, in nats: of a masked character, of a tagged one; of the kinds there are.
    """

    characters: int
    total: int
    losses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the encoder reads of some texts.

    Args:
        ids: Feature ids, shape (characters, features).
        vectors: Static vectors of the words around them, shape (characters, vector width).
        lengths: Characters of each text.
    """

    ids: np.ndarray
    vectors: np.ndarray
    lengths: list[int]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts as arrays over their characters, one after the other, with one zero after each.

    Args:
        codes: Code points.
        places: Place in the word: `BEGIN`, `MIDDLE`, `END`, `SINGLE`.
        words: Number of the word in `vocabulary`.
        numbers: Number of the word in its text; tells neighbouring words apart.
        targets: What is to be learned of each character; -1 for nothing.
        bounds: Where each text begins, and where the last ends.
        vocabulary: The distinct words.
    """

    codes: np.ndarray
    places: np.ndarray
    words: np.ndarray
    numbers: np.ndarray
    targets: np.ndarray
    bounds: np.ndarray
    vocabulary: list[str]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @classmethod
    def read(cls, sentences: Iterable[Sentence], tags: Mapping[str, int] | None = None) -> Texts:
        """Make arrays of sentences of (word, tag); targets are numbers of character tags, where `tags` gives them."""
        known: dict[str, int] = {}
        parts = [_arrays(chunk, known, tags or {}) for chunk in _chunks(filter(None, sentences), 10_000)]
        parts = parts or [_arrays([], known, {})]
        codes, places, words, sizes, targets = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return cls(
            codes=codes,
            places=places,
            words=np.repeat(words, sizes),
            numbers=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
            targets=targets,
            bounds=np.concatenate([[0], np.flatnonzero(codes == 0) + 1]),
            vocabulary=list(known),
        )

    def take(self, chosen: Iterable[int]) -> np.ndarray:
        """Positions of the characters of some texts, each with its zero."""
        return np.concatenate([np.arange(self.bounds[text], self.bounds[text + 1]) for text in chosen])

    def batches(self, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
        """Positions of about `size` characters, text by text in random order, without end."""
        lengths = np.diff(self.bounds)
        while True:
            order = random.permutation(len(self))
            cuts = np.searchsorted(np.cumsum(lengths[order]), np.arange(size, lengths.sum() + size, size))
            for start, end in pairwise([0, *np.minimum(cuts + 1, len(order))]):
                if end > start:
                    yield self.take(order[start:end])


def _arrays(sentences: Iterable[Sentence], known: dict[str, int], tags: Mapping[str, int]) -> tuple[np.ndarray, ...]:
    """Code points, places, targets of the characters, words and sizes of the words; a zero word ends a sentence."""
    text: list[str] = []
    words: list[int] = []
    targets: list[int] = []
    for sentence in sentences:
        for word, tag in sentence:
            text.append(word)
            words.append(known.setdefault(word, len(known)))
            if tags:
                targets += (tags.get(name, -1) for name in _names(word, tag))
        text.append("\0")
        words.append(-1)
        if tags:
            targets.append(-1)
    codes = code_points("".join(text))
    sizes = np.fromiter(map(len, text), dtype=np.int64, count=len(text))
    starts = np.cumsum(sizes) - sizes
    places = np.full(len(codes), MIDDLE, dtype=np.uint8)
    places[starts] = BEGIN
    places[starts + sizes - 1] = END
    places[starts[sizes == 1]] = SINGLE
    places[codes == 0] = 0
    wanted = np.array(targets if tags else np.full(len(codes), -1), dtype=np.int16)
    return codes, places, np.array(words, dtype=np.int32), sizes, wanted


def _chunks(sentences: Iterable[Sentence], size: int) -> Iterator[list[Sentence]]:
    stream = iter(sentences)
    while chunk := list(islice(stream, size)):
        yield chunk


class _Reader:
    """Turns positions of texts into what the encoder reads, with words masked.

    Args:
        nlp: The pipeline: its vocabulary, vectors and lexicon.
        features: Of the embedding.
        texts: What is read.
    """

    def __init__(self, nlp: Any, features: Sequence[str], texts: Texts) -> None:
        self.texts, self.features = texts, features
        size = int(max(texts.codes.max(initial=0), MASK)) + 1
        self.norms = np.zeros(size, dtype=np.uint64)
        self.shapes = np.zeros(size, dtype=np.uint64)
        for code in {*np.unique(texts.codes).tolist(), MASK} - {0}:
            lexeme = nlp.vocab[chr(code)]
            self.norms[code], self.shapes[code] = lexeme.norm, lexeme.shape
        self.begins, self.ends = nlp.tokenizer.lexicon.match(texts.codes)
        self.vectors = np.zeros((len(texts.vocabulary) + 1, max(1, nlp.vocab.vectors_length)), dtype="f")
        if nlp.vocab.vectors_length and texts.vocabulary:
            self.vectors[:-1] = nlp.vocab.vectors.get_batch(texts.vocabulary)

    def read(self, positions: np.ndarray, masked: np.ndarray) -> Batch:
        """What the encoder sees of some positions, where `masked` words are hidden from every feature."""
        texts = self.texts
        codes = np.where(masked, np.uint32(MASK), texts.codes[positions])
        sums = np.concatenate([[0], np.cumsum(masked)])  # of masked characters before each position
        at = np.arange(len(positions))
        begins, ends = (lengths[positions].astype(np.int64) for lengths in (self.begins, self.ends))
        begins[sums[np.minimum(at + begins, len(at))] > sums[at]] = 0
        ends[sums[at + 1] > sums[np.maximum(at + 1 - ends, 0)]] = 0
        characters = Characters(
            norms=self.norms[codes],
            shapes=self.shapes[codes],
            tags=np.where(masked, 0, texts.places[positions]).astype(np.uint8),
            codes=codes,
            begins=begins.astype(np.uint8),
            ends=ends.astype(np.uint8),
        )
        kept = codes != 0
        lengths = np.diff(np.concatenate([[0], np.flatnonzero(~kept) + 1])) - 1
        vectors = self.vectors[np.where(masked, -1, texts.words[positions])]
        return Batch(characters.ids(self.features)[kept], vectors[kept], lengths[lengths > 0].tolist())


class _Task:
    """One kind of text, and what is to be learned of its characters.

    Args:
        reader: Of the texts.
        head: From encoded characters to the classes.
        classes: Number of the class of each code point to guess, -1 for none; None where texts bring their targets.
        mask: Share of words to mask.
    """

    def __init__(self, reader: _Reader, head: Any, classes: np.ndarray | None, mask: float) -> None:
        self.reader, self.head, self.classes, self.mask = reader, head, classes, mask
        self.name = "tags" if classes is None else "masked"

    def draw(self, positions: np.ndarray, random: np.random.Generator) -> tuple[Batch, np.ndarray]:
        """What the encoder sees, and the class of each character of it; -1 where nothing is asked."""
        texts = self.reader.texts
        kept = texts.codes[positions] != 0
        if self.classes is None:
            return self.reader.read(positions, np.zeros(len(positions), dtype=bool)), texts.targets[positions][kept]
        masked = choose_words(texts.numbers[positions], self.mask, random) & kept
        targets = np.where(masked, self.classes[texts.codes[positions]], -1)
        return self.reader.read(positions, masked), targets[kept]


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
        raw: Segmented sentences, as lists of (word, anything).
        tagged: Sentences of (word, part of speech).
        development: Tagged sentences that the outcome is measured on.
        epochs: Passes over the raw text, or over the tagged where there is none.
        batch_chars: Characters a batch.
        mask: Share of words to mask.
        learn_rate: Of Adam after a hundred batches; it falls linearly to a twentieth.
        seed: Of weights, order and masks.
        progress: Called every ten batches.

    Returns:
        Share of the characters of `development` that are right: `masked`, guessed, and `tags`; of the kinds there are.

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
    from govnews.training.twin import Twin

    tags = {name: number for number, name in enumerate(sorted({n for s in tagged for _, n in character_tags(s)}))}
    sources = [(Texts.read(raw), 1.0), (Texts.read(tagged, tags), 1.0)]
    if not any(len(texts) for texts, _ in sources):
        raise GovnewsError("there is no text to learn from", hint="Name segmented text, tagged text, or both.")
    if all(len(texts) for texts, _ in sources):
        sources = [(sources[0][0], 0.75), (sources[1][0], 0.25)]
    fix_random_seed(seed)
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    nlp = _load(config)
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
            classes = None if texts.targets.max(initial=-1) >= 0 else number_characters(texts.codes)
            head = torch.nn.Linear(twin.width, len(tags) if classes is None else int(classes.max()) + 1)
            tasks.append(_Task(_Reader(nlp, features, texts), head, classes, mask))
            streams.append(texts.batches(int(batch_chars * share), random))
            shares.append(len(texts.codes) / share)
    _optimize(twin, tasks, zip(*streams, strict=True), int(epochs * shares[0]), learn_rate, random, progress)
    with torch.no_grad():
        for parameter in twin.parameters():  # half precision in single: the zeros in it take no room in a wheel
            parameter.copy_(parameter.half().float())
    twin.write_back()
    with replacing(output) as path:
        path.write_bytes(encoder.to_bytes())
    held_out = Texts.read(development, tags)
    judges = [_Task(_Reader(nlp, features, held_out), task.head, task.classes, mask) for task in tasks]
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
    from torch.nn import functional

    drawn = [task.draw(at, random) for task, at in zip(tasks, positions, strict=True)]
    losses = []
    with torch.autocast("cpu", torch.bfloat16):
        rows = _encode(twin, [batch for batch, _ in drawn])
        parts = rows.split([len(targets) for _, targets in drawn])
        for task, part, (_, targets) in zip(tasks, parts, drawn, strict=True):
            asked = np.flatnonzero(targets >= 0)
            logits = task.head(part[torch.from_numpy(asked)])
            losses.append(functional.cross_entropy(logits.float(), torch.from_numpy(targets[asked]).long()))
    return losses, len(rows)


def _encode(twin: Any, batches: Sequence[Batch]) -> Any:
    ids, vectors = (np.concatenate([getattr(batch, name) for batch in batches]) for name in ("ids", "vectors"))
    return twin(*twin.prepare(ids, vectors), [length for batch in batches for length in batch.lengths])


def _accuracy(twin: Any, judge: _Task, seed: int) -> float:
    """Share of the asked characters that are right; one of an unknown class is asked and wrong."""
    import torch

    texts = judge.reader.texts
    random = np.random.default_rng(seed)
    hits = count = 0
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for first in range(0, len(texts), 100):
            chosen = range(first, min(first + 100, len(texts)))
            batch, targets = judge.draw(texts.take(chosen), random)
            found = judge.head(_encode(twin, [batch])).argmax(dim=1).numpy()
            hits += int(((found == targets) & (targets >= 0)).sum())
            count += int((targets >= 0).sum()) if judge.classes is not None else len(targets)
    return hits / max(1, count)


def character_tags(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Each character with the part of speech of its word and its place in it.

    >>> list(character_tags([("增长", "v"), ("5", "m")]))
    [('增', 'B-v'), ('长', 'E-v'), ('5', 'S-m')]
    """
    for word, tag in sentence:
        yield from zip(word, _names(word, tag), strict=True)


def _names(word: str, tag: str) -> list[str]:
    if len(word) == 1:
        return [f"S-{tag}"]
    return [f"B-{tag}", *[f"M-{tag}"] * (len(word) - 2), f"E-{tag}"]


def choose_words(numbers: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Choose a share of the words; true for their characters.

    Args:
        numbers: Number of the word of each character.
        share: Between 0 and 1.
        random: Where chance comes from.
    """
    first = np.concatenate([[True], numbers[1:] != numbers[:-1]])
    words = np.cumsum(first) - 1
    chosen: np.ndarray = (random.random(words[-1] + 1) < share)[words]
    return chosen


def number_characters(codes: np.ndarray) -> np.ndarray:
    """Number the code points that are frequent enough to be guessed; -1 for the others, shape (largest + 1,)."""
    known, counts = np.unique(codes[codes != 0], return_counts=True)
    frequent = known[counts >= min(MIN_CHARACTER_COUNT, counts.max(initial=0))]
    numbers = np.full(0x110000, -1, dtype=np.int64)
    numbers[frequent] = np.arange(len(frequent))
    return numbers


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

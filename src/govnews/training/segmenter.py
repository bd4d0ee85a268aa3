"""Train the pkuseg word segmenter whose boundaries the pipeline uses as features.

The wheel of spacy-pkuseg holds no model, and its downloads need the network; a model
trained here travels inside the pipeline.

Source: Luo et al., PKUSEG: A Toolkit for Multi-Domain Chinese Word Segmentation (2019),
trained with ADF (Sun et al., ACL 2012).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from govnews.errors import GovnewsError
from govnews.formats.segmented import write_segmented
from govnews.metrics.scores import Score, score_sets
from govnews.words import load_segmenter


@dataclass(frozen=True, slots=True)
class SegmenterSize:
    """What pruning left of a segmenter."""

    features_before: int
    features_after: int
    bytes: int


def train_segmenter(
    train: Iterable[list[str]],
    development: Iterable[list[str]],
    output: str | Path,
    *,
    iterations: int = 5,
    min_count: int = 4,
    progress: Callable[[str], None] = lambda line: None,
) -> None:
    """Train a pkuseg model in a process of its own.

    spacy-pkuseg changes module globals and prints a great deal while it trains.

    Args:
        train: Sentences as lists of words.
        development: Sentences scored after each iteration.
        output: Folder for the model; made where missing.
        iterations: Passes over the training sentences.
        min_count: A feature seen fewer times than this gets no weight.
        progress: Called with each line the trainer prints about an iteration.

    Raises:
        GovnewsError: The trainer failed; its last lines are in the message.
    """
    with tempfile.TemporaryDirectory() as folder:
        train_path, dev_path = Path(folder) / "train.txt", Path(folder) / "dev.txt"
        write_segmented(train_path, train)
        write_segmented(dev_path, development)
        command = [sys.executable, "-m", "govnews.training.pkuseg_worker"]
        command += [str(train_path), str(dev_path), str(output), str(iterations), str(min_count)]
        lines: list[str] = []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        ) as worker:
            assert worker.stdout is not None
            for line in worker.stdout:
                lines.append(line.rstrip())
                if line.startswith("iter") or "data sizes" in line:
                    progress(line.strip())
        if worker.returncode:
            raise GovnewsError(
                "pkuseg training failed:\n  " + "\n  ".join(lines[-5:]),
                hint="The training file holds one sentence a line, words separated by spaces.",
            )


def prune_segmenter(path: str | Path, *, min_weight: float, decimals: int = 2) -> SegmenterSize:
    """Drop the features of a pkuseg model that hardly weigh, in place.

    Weights are rounded, so that the file compresses well, and words that no feature
    names any more leave the word list.

    Args:
        path: Folder with `features.msgpack` and `weights.npz`.
        min_weight: A feature stays when the span of its weights over the tags reaches this.
        decimals: Digits kept of each weight.
    """
    import numpy as np
    import srsly

    path = Path(path)
    features = srsly.read_msgpack(path / "features.msgpack")
    with np.load(path / "weights.npz") as stored:
        n_tags, n_features = (int(n) for n in stored["sizes"])
        weights = stored["w"]
    nodes = weights[: n_tags * n_features].reshape(n_features, n_tags)
    edges = weights[n_tags * n_features :]
    names = sorted(features["feature_to_idx"], key=features["feature_to_idx"].get)
    keep = np.ptp(nodes, axis=1) >= min_weight
    keep[0] = True  # pkuseg gives every character the feature at index 0
    kept = [name for name, stays in zip(names, keep, strict=True) if stays]
    # word features are called w1.WORD, w-1.WORD, ww.l.WORD*WORD and ww.r.WORD*WORD
    used = {word for name in kept if name[0] == "w" for word in name.rpartition(".")[2].split("*")}
    features["feature_to_idx"] = {name: index for index, name in enumerate(kept)}
    features["bigram"] = []  # only training looks at it
    features["unigram"] = sorted(word for word in features["unigram"] if word in used)
    srsly.write_msgpack(path / "features.msgpack", features)
    weights = np.concatenate([nodes[keep].round(decimals).ravel(), edges.round(decimals)])
    np.savez_compressed(path / "weights.npz", sizes=np.array([n_tags, len(kept)]), w=weights)
    size = sum(file.stat().st_size for file in path.iterdir())
    return SegmenterSize(n_features, len(kept), size)


def score_segmenter(path: str | Path, sentences: Iterable[list[str]]) -> Score:
    """Score a pkuseg model on segmented sentences: a word counts when both its ends are right."""
    segmenter = load_segmenter(path)
    scores = (score_sets(_word_spans(segmenter.cut("".join(words))), _word_spans(words)) for words in sentences)
    return sum(scores, Score())


def _word_spans(words: list[str]) -> set[tuple[int, int]]:
    spans = set()
    start = 0
    for word in words:
        spans.add((start, start + len(word)))
        start += len(word)
    return spans


def segment(
    lines: Iterable[str], model: str | Path, *, progress: Callable[[int], None] = lambda characters: None
) -> Iterator[list[str]]:
    """Cut lines into words; blank lines are left out.

    Args:
        lines: Raw text, line by line.
        model: Folder of a pkuseg model; a `words.txt` in it is never cut.
        progress: Called every thousand lines with the number of characters so far.
    """
    listed = Path(model) / "words.txt"
    cut = load_segmenter(model, user_dict=listed if listed.is_file() else None).cut
    characters = 0
    for number, line in enumerate(lines, start=1):
        if stripped := line.strip():
            yield list(cut(stripped))
            characters += len(stripped)
        if number % 1_000 == 0:
            progress(characters)


def frequent_words(sentences: Iterable[list[str]], *, size: int, min_count: int) -> list[str]:
    """The most frequent words of more than one character and at most eight, without ASCII, the most frequent first."""
    counts = Counter(word for sentence in sentences for word in sentence)
    words = (
        (word, count)
        for word, count in counts.most_common()
        if 2 <= len(word) <= 8 and count >= min_count and not any(char.isascii() for char in word)
    )
    return [word for word, _ in islice(words, size)]

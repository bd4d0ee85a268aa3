"""Run pkuseg's trainer: it changes module globals, so it gets a process of its own."""

from __future__ import annotations

import random
import sys


def main(train: str, development: str, output: str, iterations: str, min_count: str) -> None:
    """Train on two files of space-separated words and save the model in a folder."""
    import spacy_pkuseg
    from spacy_pkuseg.config import config

    random.seed(0)  # pkuseg shuffles its sentences

    config.featureTrim = int(min_count) - 1
    spacy_pkuseg.train(train, development, output, train_iter=int(iterations))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Find the entities of a sentence together, by a conditional random field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model
from thinc.types import Floats2d

from govnews.components.crf import Lattice, TagScheme, find_best
from govnews.errors import ModelError

_DEFAULT_CONFIG = """
[model]
@architectures = "govnews.CrfModel.v1"
hidden_width = 64

[model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = true
"""

_BATCH = 64
"""Sentences that are decoded at once."""


@Language.factory(
    "crf_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "model": Config().from_str(_DEFAULT_CONFIG)["model"],
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_crf_recognizer(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    scorer: Callable[..., dict[str, Any]] | None,
) -> CrfRecognizer:
    """Make a `CrfRecognizer`.

    Args:
        nlp: The pipeline.
        name: Its name there.
        model: Scores tags.
        scorer: Scores the component while it trains.
    """
    return CrfRecognizer(nlp.vocab, model, name, scorer=scorer)


class CrfRecognizer(TrainablePipe):  # type: ignore[misc]
    """Find entities by the best tagging of each whole sentence, where spaCy's `ner` decides from left to right.

    Where sentences are set on a document each is tagged by itself, and entities lie in one; else the document is one
    sequence, as it always is in training. Unlike `ner` it replaces entities that are set already, and takes tokens
    without annotation as outside. Labels are read from the training data. Cost is linear in the tokens.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[list[Doc], list[Floats2d]],
        name: str = "crf_ner",
        *,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.cfg: dict[str, Any] = {"labels": []}
        self.scorer = scorer

    @property
    def labels(self) -> tuple[str, ...]:
        """Entity labels, in the order of their tags."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """The labels, as `initialize` takes them."""
        return list(self.labels)

    @property
    def scheme(self) -> TagScheme:
        """The tags that the model scores."""
        return TagScheme(self.labels)

    def add_label(self, label: str) -> int:
        """Labels come from the data and are fixed with it."""
        raise ModelError(
            f"the label {label!r} cannot be added to {self.name!r} after it was initialised",
            hint="Annotate entities with it and train: labels are read from the data.",
        )

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Read the labels from the data and set the model's dimensions.

        Args:
            get_examples: Examples whose references hold entities.
            nlp: The pipeline.
            labels: Labels to use instead of those in the data.

        Raises:
            ModelError: There is no entity in the data.
        """
        validate_get_examples(get_examples, "CrfRecognizer.initialize")
        examples = list(get_examples())
        found = {entity.label_ for example in examples for entity in example.reference.ents}
        self.cfg["labels"] = sorted(labels or found)
        if not self.labels:
            raise ModelError(
                "the training data holds no entity, so there is nothing to learn",
                hint="Annotate entities, or take the component out of nlp.pipeline in the config.",
            )
        sample = [example.predicted for example in islice(examples, 10)]
        self.model.initialize(X=sample, Y=[self.model.ops.alloc2f(1, self.scheme.size)])

    def predict(self, docs: Iterable[Doc]) -> list[np.ndarray]:
        """The best tags of each document's tokens."""
        docs = list(docs)
        tags = [np.zeros(len(doc), dtype=np.int64) for doc in docs]
        for places, scores in self._score(docs):
            paths = find_best(self.scheme, self._transitions, scores)
            for (number, start, end), path in zip(places, paths, strict=True):
                tags[number][start:end] = path
        return tags

    def judge(self, docs: list[Doc]) -> list[tuple[np.ndarray, np.ndarray]]:
        """The best tags, and how sure they are.

        Returns:
            For each document the tags, shape (tokens,), and the probability of each tag at each token after the tags
            before it, shape (tokens, tags).
        """
        judged = [(np.zeros(len(doc), dtype=np.int64), np.zeros((len(doc), self.scheme.size))) for doc in docs]
        for places, scores in self._score(docs):
            paths = find_best(self.scheme, self._transitions, scores)
            chances = Lattice(self.scheme, self._transitions, scores).conditionals(paths)
            for (number, start, end), path, rows in zip(places, paths, chances, strict=True):
                judged[number][0][start:end] = path
                judged[number][1][start:end] = rows
        return judged

    def _score(self, docs: list[Doc]) -> Iterator[tuple[list[tuple[int, int, int]], list[np.ndarray]]]:
        """The scores of the tags of each sentence, in batches, with its document, first token and one past the last."""
        ops: Any = self.model.ops
        emissions = [ops.to_numpy(scores) for scores in self.model.predict(docs)]
        places = [(number, start, end) for number, doc in enumerate(docs) for start, end in _sentences(doc)]
        places.sort(key=lambda place: place[2] - place[1])  # sentences of one length together: little is padded
        for first in range(0, len(places), _BATCH):
            batch = places[first : first + _BATCH]
            yield batch, [emissions[number][start:end] for number, start, end in batch]

    def set_annotations(self, docs: Iterable[Doc], predictions: Iterable[np.ndarray]) -> None:
        """Set the entities that tags stand for; those with white space at an edge are none."""
        scheme = self.scheme
        for doc, tags in zip(docs, predictions, strict=True):
            spans = [Span(doc, start, end, label=label) for start, end, label in scheme.decode(tags)]
            doc.set_ents([span for span in spans if not (span[0].is_space or span[-1].is_space)])

    def get_loss(
        self, examples: Iterable[Example], scores: list[Floats2d]
    ) -> tuple[float, tuple[list[Floats2d], Floats2d]]:
        """The negative log-likelihood of the gold entities, each document taken as one sequence.

        Args:
            examples: The batch; some document of it has tokens.
            scores: Of the tags of each document's tokens.

        Returns:
            The loss, and its gradients with respect to the scores and to the transitions, as the model takes them back.
        """
        ops: Any = self.model.ops
        scheme = self.scheme
        filled = [number for number, rows in enumerate(scores) if len(rows)]
        gradients = [ops.alloc2f(*rows.shape) for rows in scores]
        gold = [example.get_aligned_spans_y2x(example.reference.ents) for example in examples]
        tags = [
            scheme.encode(((e.start, e.end, e.label_) for e in gold[number]), len(scores[number])) for number in filled
        ]
        lattice = Lattice(scheme, self._transitions, [ops.to_numpy(scores[number]) for number in filled])
        loss, found, d_transitions = lattice.loss(tags)
        for number, gradient in zip(filled, found, strict=True):
            gradients[number] = ops.asarray2f(gradient.astype("float32"))
        return loss, (gradients, ops.asarray2f(d_transitions.astype("float32")))

    @property
    def _transitions(self) -> np.ndarray:
        ops: Any = self.model.ops
        return np.asarray(ops.to_numpy(self.model.get_param("transitions")))


def _sentences(doc: Doc) -> list[tuple[int, int]]:
    if not doc.has_annotation("SENT_START"):
        return [(0, len(doc))] if len(doc) else []
    return [(sentence.start, sentence.end) for sentence in doc.sents]

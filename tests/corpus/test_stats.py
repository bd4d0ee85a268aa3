from govnews.corpus.stats import describe
from govnews.records import Document, Entity


def test_a_corpus_is_counted(ten):
    stats = describe([ten]).to_dict()
    assert (stats["documents"], stats["characters"], stats["sentences"]) == (1, len(ten.text), 10)
    assert stats["entities"] == {"DATE": 4, "ORG": 7, "METRIC": 10, "PROGRAM": 4}
    assert stats["relations"] == {"HAS_METRIC": 8, "HAS_DATE": 7, "RUNS": 3, "PART_OF": 1}


def test_mentions_are_different_forms_and_the_longest_is_in_code_points():
    first = Document("a", "𠮷县和𠮷县", (Entity(0, 2, "ORG"), Entity(3, 5, "ORG")))
    second = Document("b", "𠮷县、青禾县", (Entity(0, 2, "ORG"), Entity(3, 6, "ORG")))
    stats = describe([first, second])
    assert (stats.entities["ORG"], stats.mentions["ORG"], stats.longest["ORG"]) == (4, 2, 3)
    assert describe([second, first]) == stats


def test_parts_of_a_corpus_add_up(ten):
    paragraphs, start = [], 0
    for text in ten.text.split("\n"):
        paragraphs.append(ten.cut(start, start + len(text)))
        start += len(text) + 1
    whole, parts = describe([ten]), describe(paragraphs)
    assert (parts.entities, parts.relations, parts.mentions, parts.longest) == (
        whole.entities,
        whole.relations,
        whole.mentions,
        whole.longest,
    )
    assert parts.characters == whole.characters - len(paragraphs) + 1


def test_an_empty_corpus_counts_nothing():
    assert describe([]).to_dict() == {
        "documents": 0,
        "characters": 0,
        "sentences": 0,
        "entities": {},
        "relations": {},
        "mentions": {},
        "longest": {},
    }

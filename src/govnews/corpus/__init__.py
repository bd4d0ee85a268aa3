"""The annotated corpus: load, check, split, describe, compare annotators, repair page layout."""

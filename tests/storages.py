"""Every way spaCy stores a `Doc`, for tests of what must survive them."""

import pickle

from spacy.tokens import Doc, DocBin

STORAGES = ("bytes", "docbin", "pickle", "copy", "disk")


def store_and_load(doc, storage, folder):
    """The document after it was stored and loaded again."""
    if storage == "bytes":
        return Doc(doc.vocab).from_bytes(doc.to_bytes())
    if storage == "docbin":
        data = DocBin(docs=[doc], store_user_data=True).to_bytes()
        return next(iter(DocBin().from_bytes(data).get_docs(doc.vocab)))
    if storage == "pickle":
        return pickle.loads(pickle.dumps(doc))
    if storage == "copy":
        return doc.copy()
    doc.to_disk(folder / "doc")
    return Doc(doc.vocab).from_disk(folder / "doc")

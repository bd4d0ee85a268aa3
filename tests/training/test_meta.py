import spacy

import govnews
from govnews.training.meta import make_meta_callback


def test_the_package_will_require_what_the_pipeline_needs(tmp_path):
    nlp = make_meta_callback(description="Finds things", license="MIT")(spacy.blank("zh"))
    nlp.to_disk(tmp_path)
    meta = spacy.load(tmp_path).meta
    assert f"govnews>={govnews.__version__}" in meta["requirements"]
    assert any(requirement.startswith("spacy-pkuseg") for requirement in meta["requirements"])
    assert meta["description"] == "Finds things"

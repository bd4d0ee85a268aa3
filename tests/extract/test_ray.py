import pytest

from govnews.errors import GovnewsError
from govnews.extract import run_job


@pytest.mark.ray
def test_ray_gives_the_same_and_may_go_on(job, archive, tmp_path):
    here, there = tmp_path / "here.jsonl", tmp_path / "there.jsonl"
    expected = run_job(job(archive), here)

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_job(job(archive), there, progress=stop)
    found = run_job(job(archive, engine="ray", processes=2), there)
    assert there.read_bytes() == here.read_bytes()
    assert [str(error) for error in found.errors] == [str(error) for error in expected.errors]


@pytest.mark.ray
def test_a_cluster_that_is_not_there_is_told(job, archive, tmp_path):
    from dataclasses import replace

    lost = replace(job(archive, engine="ray"), address="127.0.0.1:1")
    with pytest.raises(GovnewsError, match="no Ray cluster can be reached"):
        run_job(lost, tmp_path / "x.jsonl")


def test_standard_input_cannot_be_read_by_ray(job):
    with pytest.raises(GovnewsError, match="cannot read standard input"):
        next(job("-", engine="ray").results())

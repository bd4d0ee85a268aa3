import pytest

from govnews.label.client import Server
from studio import TOKEN, Studio, running


@pytest.fixture
def studio():
    with running(Studio()) as studio:
        yield studio


@pytest.fixture
def server(studio):
    with Server(studio.url, TOKEN) as server:
        yield server

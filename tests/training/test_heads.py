import pytest
import torch

from govnews.training import heads
from govnews.training.heads import AdaptiveHead, LinearHead, build_head


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(heads, "MANY", 30)
    monkeypatch.setattr(heads, "COMMON", 10)


@pytest.mark.parametrize(("classes", "kind"), [(30, LinearHead), (60, AdaptiveHead)])
def test_it_learns_common_and_rare_classes(classes, kind):
    torch.manual_seed(0)
    head = build_head(64, classes)
    assert isinstance(head, kind)
    rows, targets = torch.randn(classes, 64), torch.arange(classes)
    optimizer = torch.optim.Adam(head.parameters(), lr=0.05)
    losses = []
    for _ in range(200):
        with torch.autocast("cpu", torch.bfloat16):
            loss = head.loss(rows, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        assert (head.predict(rows) == targets).float().mean() > 0.95

"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real music, odd files, pictures and titles; skips where it is not there."""
    beside_checkout = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("DEEPCUTS_SHARED", beside_checkout))
    if not (folder / "music").is_dir():
        pytest.skip("the real music is not here (set DEEPCUTS_SHARED)")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "app/screens" in str(item.path) or "app/widgets" in str(item.path) or "app/jobs" in str(item.path):
            item.add_marker(pytest.mark.gui)

"""Checkpoints as screens see them: those on the disk, with their stars."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.document.errors import UserError
from app.session.checkpoints import checkpoints_of, star_checkpoint
from tests.app.conftest import add_checkpoints


def epochs(folder: Path, run: str) -> list[int]:
    return [one.epoch for one in checkpoints_of(folder, run)]


def test_the_epochs_that_are_kept_are_those_on_the_disk(tmp_path: Path) -> None:
    add_checkpoints(tmp_path, 1, 3)
    assert epochs(tmp_path, "run-1") == [1, 3]
    (tmp_path / "runs/run-1/checkpoints/epoch-0001.safetensors").unlink()
    (tmp_path / "runs/run-1/checkpoints/notes.safetensors").touch()
    assert epochs(tmp_path, "run-1") == [3]
    assert epochs(tmp_path, "run-9") == []


def test_a_star_is_put_on_and_taken_away_and_one_that_is_gone_gets_none(tmp_path: Path) -> None:
    add_checkpoints(tmp_path, 1, 3)
    star_checkpoint(tmp_path, "run-1", 3, True)
    assert [one.starred for one in checkpoints_of(tmp_path, "run-1")] == [False, True]
    star_checkpoint(tmp_path, "run-1", 3, False)
    assert [one.starred for one in checkpoints_of(tmp_path, "run-1")] == [False, False]
    with pytest.raises(UserError, match="no checkpoint of epoch 2"):
        star_checkpoint(tmp_path, "run-1", 2, True)

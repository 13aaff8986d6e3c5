"""Which checkpoints are deleted when there are many, and which stay for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from samplernn.checkpoint_paths import checkpoint_path
from samplernn.training.retention import remove_old_checkpoints, star_checkpoint, stored_checkpoints

SIZE = 1000


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for epoch in range(1, 31):
        path = checkpoint_path(tmp_path, epoch)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"w" * SIZE)
        path.with_suffix(".json").write_text("{}")
    return tmp_path


def epochs(run: Path) -> list[int]:
    return [kept.epoch for kept in stored_checkpoints(run)]


def test_all_stay_while_there_is_room(run: Path) -> None:
    assert remove_old_checkpoints(run, {}, 30 * SIZE) == ()
    assert epochs(run) == list(range(1, 31))


def test_the_oldest_go_first_and_only_as_many_as_must(run: Path) -> None:
    assert remove_old_checkpoints(run, {}, 27 * SIZE) == (1, 2, 3)
    assert not checkpoint_path(run, 2).with_suffix(".json").exists()


def test_newest_best_starred_and_every_fifth_stay_for_ever(run: Path) -> None:
    star_checkpoint(checkpoint_path(run, 3), True)
    star_checkpoint(checkpoint_path(run, 4), True)
    star_checkpoint(checkpoint_path(run, 4), False)
    bits = dict.fromkeys(range(1, 31), 6.0) | {7: 5.0, 8: 5.1, 12: 5.2}
    remove_old_checkpoints(run, bits, 0)
    assert epochs(run) == [3, 5, 7, 8, 10, 12, 15, 20, *range(23, 31)]
    assert [kept.epoch for kept in stored_checkpoints(run) if kept.starred] == [3]
    assert remove_old_checkpoints(run, bits, 0) == ()

"""An import tells how far it is, and leaves nothing behind where it is cancelled."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from app.studio.importing.album import import_album
from tests.app.studio.importing.album_files import picture, sound


def test_progress_only_grows(music: Path, project: Path) -> None:
    for name in ("a.wav", "b.ogg", "c.flac"):
        sound(music / name, seconds=20.0)
    told: list[tuple[float, str]] = []
    import_album([music], project, lambda fraction, doing: told.append((fraction, doing)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert "Listening to b.ogg" in {doing for _, doing in told}


@pytest.mark.parametrize("patience", [0, 1, 2, 5, 8])
def test_cancelling_leaves_no_album(music: Path, project: Path, patience: int) -> None:
    for name in ("a.wav", "b.wav"):
        sound(music / name, seconds=20.0)
    picture(music / "cover.png")
    answers = iter([False] * patience)
    with pytest.raises(CancelledError):
        import_album([music], project, cancelled=lambda: next(answers, True))
    assert not (project / "album").exists()

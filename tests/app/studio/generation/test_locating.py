"""The lost file of a clip is put back only where it is that clip."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.errors import UserError
from app.document.model import Project
from app.studio.generation.locating import locate_clip
from samplernn.errors import SoundError

Made = tuple[Path, Project]


@pytest.fixture
def lost(made_project: Made, tmp_path: Path) -> tuple[Path, Project, Path]:
    """The file of c0001 lies somewhere else now."""
    folder, project = made_project
    elsewhere = tmp_path / "backup" / "take one.flac"
    elsewhere.parent.mkdir()
    (folder / "clips/c0001.flac").rename(elsewhere)
    return folder, project, elsewhere


def test_the_file_is_copied_to_its_place(lost: tuple[Path, Project, Path]) -> None:
    folder, project, elsewhere = lost
    told: list[float] = []
    locate_clip(folder, project.clips[0], elsewhere, report=lambda fraction, words: told.append(fraction))
    found, rate = soundfile.read(folder / "clips/c0001.flac", dtype="float32")
    original, _ = soundfile.read(elsewhere, dtype="float32")
    np.testing.assert_array_equal(found, original)
    assert rate == project.clips[0].rate
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_copy_in_another_format_fits_as_well(lost: tuple[Path, Project, Path]) -> None:
    folder, project, elsewhere = lost
    sound, rate = soundfile.read(elsewhere, dtype="float32")
    soundfile.write(elsewhere.with_suffix(".wav"), sound, rate, subtype="PCM_24")
    locate_clip(folder, project.clips[0], elsewhere.with_suffix(".wav"))
    assert soundfile.info(folder / "clips/c0001.flac").format == "FLAC"
    np.testing.assert_array_equal(soundfile.read(folder / "clips/c0001.flac", dtype="float32")[0], sound)


def test_another_recording_is_refused(lost: tuple[Path, Project, Path]) -> None:
    folder, project, elsewhere = lost
    clip = project.clips[0]
    with pytest.raises(UserError, match=r"take one\.flac.*is not this clip: it lasts 4\.00 s at 16 kHz"):
        locate_clip(folder, replace(clip, samples=clip.samples + 1), elsewhere)
    with pytest.raises(UserError, match="16 kHz"):
        locate_clip(folder, replace(clip, rate=22_050), elsewhere)
    elsewhere.write_text("Dear band,")
    with pytest.raises(SoundError):
        locate_clip(folder, clip, elsewhere)
    assert not (folder / clip.file).exists()


def test_a_damaged_file_stays_where_nothing_better_is_found(lost: tuple[Path, Project, Path]) -> None:
    folder, project, elsewhere = lost
    (folder / "clips/c0001.flac").write_bytes(b"fLaC, once")
    with pytest.raises(CancelledError):
        locate_clip(folder, project.clips[0], elsewhere, cancelled=lambda: True)
    assert (folder / "clips/c0001.flac").read_bytes() == b"fLaC, once"
    assert len(list((folder / "clips").glob("*.part"))) == 0

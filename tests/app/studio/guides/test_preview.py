"""What is seen and heard of a guide before clips play along to it."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.document.errors import UserError
from app.document.guide_choice import ALBUM_GUIDE, NO_GUIDE, GuideChoice
from app.document.model import SONG_RATE
from app.document.store import ProjectFolder
from app.studio.analysis.onsets import RATE
from app.studio.guides.preview import LONGEST_SECONDS, noise_along, preview_guide
from app.studio.guides.sources import RECUT_NAME, guides_for
from samplernn.data.build import build_dataset
from samplernn.errors import SoundError
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import BANDS, PER_SECOND, strokes_of
from tests.app.drums import beat


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> ProjectFolder:
    """A project whose album is a minute of drums."""
    folder = tmp_path_factory.mktemp("preview") / "Drums.deepcuts"
    folder.mkdir()
    track = folder / "one.wav"
    soundfile.write(track, beat(120, 60), SONG_RATE)
    place = ProjectFolder(folder)
    build_dataset([track], place.dataset, RATE)
    return place


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("loop") / "loop.wav"
    soundfile.write(path, beat(110, 3), SONG_RATE)
    return path


def test_the_album_is_previewed_as_its_first_clip_will_have_it(place: ProjectFolder) -> None:
    preview = preview_guide(place, ALBUM_GUIDE, 5.0, 7)
    (guide,) = guides_for(place, ALBUM_GUIDE, 5.0, [7])
    np.testing.assert_array_equal(preview.guide.strokes, guide.strokes)
    assert (preview.guide.name, preview.guide.bpm, preview.source_seconds) == (RECUT_NAME, guide.bpm, None)
    assert preview.sound.frames == 5 * preview.sound.rate


def test_a_recording_tells_its_own_length(place: ProjectFolder, loop: Path) -> None:
    preview = preview_guide(place, GuideChoice("recording", loop, 0.5), 8.0, 7)
    assert preview.guide.name == "loop.wav"
    assert preview.source_seconds == pytest.approx(3.0)
    assert len(preview.guide.strokes) == 8 * PER_SECOND


def test_of_long_clips_the_beginning_is_previewed(place: ProjectFolder, loop: Path) -> None:
    preview = preview_guide(place, GuideChoice("recording", loop), 3600.0, 7)
    assert preview.sound.frames == LONGEST_SECONDS * preview.sound.rate


def test_noise_is_shaped_by_the_guide(place: ProjectFolder, loop: Path) -> None:
    preview = preview_guide(place, GuideChoice("recording", loop), 8.0, 7)
    sound = preview.sound
    heard = sound.read(0, sound.frames)
    assert heard.shape == (sound.frames, 2)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1.0
    assert len(sound.read(sound.frames - 10, 100)) == 10
    got, wanted = strokes_of([sound.samples], sound.rate), preview.guide.strokes
    alike = [np.corrcoef(got[: len(wanted), band], wanted[:, band])[0, 1] for band in range(BANDS)]
    assert np.median(alike) > 0.85


@pytest.mark.parametrize("level", [-80.0, -50.0, -20.0])
def test_noise_has_the_level_of_the_guide(level: float) -> None:
    sound = noise_along(Guide(np.full((500, BANDS), level, np.float32), "flat"), 2.0)
    got = strokes_of([sound.samples], sound.rate)[50:-50]
    assert 10 * np.log10(np.mean(10 ** (got / 10))) == pytest.approx(level, abs=1.5)


def test_what_cannot_be_taken_gets_a_sentence(place: ProjectFolder, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not prepared"):
        preview_guide(ProjectFolder(tmp_path), ALBUM_GUIDE, 5.0, 1)
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(3 * RATE), RATE)
    with pytest.raises(UserError, match="is silent"):
        preview_guide(place, GuideChoice("recording", silent), 5.0, 1)
    with pytest.raises(SoundError):
        preview_guide(place, GuideChoice("recording", tmp_path / "gone.wav"), 5.0, 1)
    with pytest.raises(ValueError, match="nothing"):
        preview_guide(place, NO_GUIDE, 5.0, 1)


def test_an_album_of_a_few_bars_is_not_cut_anew(tmp_path: Path) -> None:
    track = tmp_path / "one.wav"
    soundfile.write(track, beat(100, 11), SONG_RATE)
    place = ProjectFolder(tmp_path)
    build_dataset([track], place.dataset, RATE)
    with pytest.raises(UserError, match="Too few bars"):
        preview_guide(place, ALBUM_GUIDE, 5.0, 1)


def test_it_can_be_stopped(place: ProjectFolder, loop: Path) -> None:
    with pytest.raises(CancelledError):
        preview_guide(place, GuideChoice("recording", loop), 5.0, 1, cancelled=lambda: True)

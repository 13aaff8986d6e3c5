"""Clips with their finish: kept by what is asked for, the same wherever they are heard, and as exported."""

from __future__ import annotations

from concurrent.futures import CancelledError
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.edits.release import set_finish, set_formats, set_loudness
from app.document.model import SONG_RATE, Clip, FinishChoice, Project
from app.document.store import ProjectFolder
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.mix import Mixer
from app.studio.audio.spooled import SpooledSound
from app.studio.finish.applying import REACH, FinishProcessor
from app.studio.finish.chosen import chosen_finish, name_of
from app.studio.finish.streamed import FinishStream
from app.studio.release.export import export_release
from samplernn.audio.reading import write_sound
from tests.app.finishes import give_finish, some_finish
from tests.app.studio.conftest import MakeProject
from tests.mapping import is_mapped

RATE = 16_000


@pytest.fixture
def made(tmp_path: Path, small_project: MakeProject) -> tuple[Project, Path]:
    folder = tmp_path / "Small.deepcuts"
    project = small_project(folder, songs=1)
    give_finish(folder)
    return project, folder


def sounds_of(project: Project, folder: Path, choice: FinishChoice) -> ClipSounds:
    project = set_finish(project, choice)
    return ClipSounds(folder, project.clips, chosen_finish(project, folder))


def energy_above_8k(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    return float(spectrum[len(spectrum) * 8000 * 2 // SONG_RATE :].sum() / spectrum.sum())


def test_what_is_asked_for_is_heard_and_kept_by_its_name(made: tuple[Project, Path]) -> None:
    project, folder = made
    album, air = (sounds_of(project, folder, choice)["c0001"] for choice in ("album", "air"))
    as_made = sounds_of(project, folder, "made")["c0001"]
    frames = project.clips[0].frames
    # both sides, and what of the middle leans to a side where it is panned
    assert (album.shape, air.shape, as_made.shape) == ((frames, 3), (frames, 2), (frames,))
    assert np.array_equal(air[:, 0], air[:, 1])
    assert np.abs(album[:, 0] - album[:, 1]).max() > 0.01
    assert energy_above_8k(album[:, :2].mean(axis=1)) > 10 * energy_above_8k(as_made)
    np.testing.assert_allclose(album[:, :2].mean(axis=1), air[:, 0], atol=1e-5)
    kept = sorted(path.name.count("-") for path in ProjectFolder(folder).cache.glob("c0001-*"))
    assert kept == [3, 5, 5]
    again = sounds_of(project, folder, "album")["c0001"]
    (place,) = ProjectFolder(folder).cache.glob("c0001-*-album-*")
    assert is_mapped(again, place)
    assert np.array_equal(again, album)


def test_another_finish_takes_the_place_of_the_old_one_in_the_cache(made: tuple[Project, Path]) -> None:
    project, folder = made
    for choice in ("album", "air", "made"):
        sounds_of(project, folder, choice)["c0001"]  # type: ignore[arg-type]
    before = set(ProjectFolder(folder).cache.glob("c0001-*"))
    give_finish(folder, width_db=-3.0)
    sounds_of(project, folder, "album")["c0001"]
    after = set(ProjectFolder(folder).cache.glob("c0001-*"))
    assert len(after) == 2
    assert len(after & before) == 1  # as made


def test_a_damaged_one_in_the_cache_is_made_anew(made: tuple[Project, Path]) -> None:
    project, folder = made
    first = np.array(sounds_of(project, folder, "album")["c0001"])
    (place,) = ProjectFolder(folder).cache.glob("c0001-*-album-*")
    content = bytearray(place.read_bytes())
    content[5000] ^= 255
    place.write_bytes(content)
    assert np.array_equal(sounds_of(project, folder, "album")["c0001"], first)


def test_without_room_clips_have_their_finish_all_the_same(made: tuple[Project, Path]) -> None:
    project, folder = made
    first = np.array(sounds_of(project, folder, "album")["c0001"])
    for path in ProjectFolder(folder).cache.iterdir():
        path.unlink()
    ProjectFolder(folder).cache.rmdir()
    ProjectFolder(folder).cache.write_text("in the way")
    np.testing.assert_allclose(sounds_of(project, folder, "album")["c0001"], first, atol=1e-6)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 1}', b"\xff\xfe"])
def test_a_damaged_finish_is_as_none(made: tuple[Project, Path], content: bytes) -> None:
    project, folder = made
    ProjectFolder(folder).finish.write_bytes(content)
    assert chosen_finish(project, folder) is None
    assert sounds_of(project, folder, "album")["c0001"].ndim == 1


def test_clips_of_other_rates_get_what_they_lack(made: tuple[Project, Path]) -> None:
    chosen = chosen_finish(*made)
    assert chosen is not None
    clip = made[0].clips[0]
    assert chosen.on(replace(clip, rate=8000)) is None
    high = chosen.on(replace(clip, rate=32_000))
    assert high is not None
    assert not high.finish.has_air
    air = chosen_finish(set_finish(made[0], "air"), made[1])
    assert air is not None
    assert air.on(replace(clip, rate=32_000)) is None


def test_opening_can_be_cancelled(made: tuple[Project, Path]) -> None:
    project, folder = made
    sounds = sounds_of(project, folder, "album")
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 1

    with pytest.raises(CancelledError):
        sounds.prepare(["c0001"], cancelled=cancelled)
    assert sounds.if_open("c0001") is None
    assert not list(ProjectFolder(folder).cache.glob("*-album-*"))
    assert len(sounds["c0001"])


def test_a_clip_alone_sounds_as_in_a_song(made: tuple[Project, Path]) -> None:
    project, folder = made
    clip = project.clips[0]
    chosen = chosen_finish(project, folder)
    assert chosen is not None
    played = SpooledSound(folder / clip.file, chosen.on(clip))
    assert played.wait(20)
    assert (played.rate, played.frames) == (SONG_RATE, clip.frames)
    in_a_song = sounds_of(project, folder, "album")["c0001"][:, :2]
    heard = np.concatenate([played.read(at, 3001) for at in range(0, clip.frames, 3001)])
    # in songs it is free of what lies below 7 Hz, too
    np.testing.assert_allclose(heard[SONG_RATE:-SONG_RATE], in_a_song[SONG_RATE:-SONG_RATE], atol=0.02)
    np.testing.assert_allclose(played.read(70_001, 999), heard[70_001:71_000], atol=1e-5)
    assert played.read(clip.frames + 10, 100).shape == (0, 2)
    played.close()


def test_sound_that_has_no_end_is_finished_as_it_comes() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 60_000).astype(np.float32)
    finishing = FinishProcessor(some_finish(), seed=4)
    stream = FinishStream(finishing)
    cuts = [0, 100, 9000, 9001, 30_000, 60_000]
    heard = np.concatenate([stream.add(sound[begin:end]) for begin, end in pairwise(cuts)])
    assert len(heard) == len(sound) - REACH
    np.testing.assert_allclose(heard, finishing.process(sound, 0, 0, len(heard)), atol=1e-5)


@pytest.mark.parametrize("choice", ["album", "air", "made"])
def test_what_is_exported_is_what_is_played(made: tuple[Project, Path], tmp_path: Path, choice: FinishChoice) -> None:
    project, folder = made
    project = set_finish(set_loudness(set_formats(project, ["wav"]), -30.0), choice)
    release = export_release(project, folder, tmp_path / "out")
    (file,) = release.glob("*.wav")
    written, _ = soundfile.read(file, dtype="float32")
    played = np.concatenate(list(Mixer(project.songs[0], sounds_of(project, folder, choice)).blocks()))
    gain = float(np.sum(written * played) / np.sum(played * played))
    np.testing.assert_allclose(written, gain * played, atol=2e-3)
    words = (release / "how it was made.html").read_text(encoding="utf-8")
    assert ("above 8 kHz" in words) == (choice != "made")


def test_names_tell_choice_and_content(made: tuple[Project, Path]) -> None:
    project, folder = made
    names = {choice: name_of(chosen_finish(set_finish(project, choice), folder)) for choice in ("album", "air", "made")}  # type: ignore[arg-type]
    assert len(set(names.values())) == 3
    assert names["made"] == ""
    give_finish(folder, air_db=-50.0)
    assert name_of(chosen_finish(project, folder)) not in names.values()


def test_a_clip_is_the_record(made: tuple[Project, Path]) -> None:
    """The file of the clip stays as the model made it."""
    project, folder = made
    clip: Clip = project.clips[0]
    before = (folder / clip.file).read_bytes()
    sounds_of(project, folder, "album")["c0001"]
    assert (folder / clip.file).read_bytes() == before


def test_a_clip_that_breaks_off_has_its_finish(made: tuple[Project, Path]) -> None:
    project, folder = made
    clip = replace(project.clips[0], samples=10 * RATE)
    sounds = ClipSounds(folder, [clip], chosen_finish(project, folder))
    assert sounds["c0001"].shape == (4 * SONG_RATE, 3)
    assert "missing" in sounds.problems["c0001"]
    write_sound(folder / clip.file, np.zeros(10 * RATE, np.float32), RATE)
    sounds.forget("c0001")
    assert sounds["c0001"].shape == (clip.frames, 3)
    assert not sounds.problems

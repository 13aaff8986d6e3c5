"""What a song looks like in a row."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from app.document.ages import clip_ages
from app.document.model import Project
from app.studio.analysis.song_summary import COLUMNS, kept_summary, loudness_shown, summarise_song
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.loudness import integrated, measure
from app.studio.audio.mix import Mixer
from app.studio.training.previews import outline, read_previews


def test_the_waveform_is_that_of_the_mix(made_project: tuple[Path, Project]) -> None:
    folder, project = made_project
    song = project.songs[0]
    sounds = ClipSounds(folder, project.clips)
    summary = summarise_song(song, sounds, clip_ages(project))
    whole = Mixer(song, sounds).mix(0, song.frames)
    assert (summary.lows.min(), summary.highs.max()) == (whole.min(), whole.max())
    column = COLUMNS // 3
    first, last = -(-column * song.frames // COLUMNS), -(-(column + 1) * song.frames // COLUMNS)
    assert summary.highs[column] == max(whole[first:last].max(), 0.0)
    assert summary.measured.lufs == pytest.approx(measure([whole], true_peak=False).lufs, abs=1e-6)


def test_colours_tell_which_checkpoints_sound(made_project: tuple[Path, Project]) -> None:
    folder, project = made_project
    ages = clip_ages(project)
    summary = summarise_song(project.songs[1], ClipSounds(folder, project.clips), ages)
    assert np.allclose(summary.ages, ages["c0003"])
    assert np.nanmin(summary.ages) >= 0


def test_silence_has_no_age(made_project: tuple[Path, Project]) -> None:
    folder, project = made_project
    song = project.songs[0]
    early = ClipSounds(folder, project.clips)
    assert not np.isnan(summarise_song(song, early, clip_ages(project)).ages[5:-5]).any()


def test_one_gain_brings_the_album_to_its_target(made_project: tuple[Path, Project]) -> None:
    folder, project = made_project
    sounds = ClipSounds(folder, project.clips)
    summaries = [summarise_song(song, sounds, clip_ages(project)) for song in project.songs]
    as_made, wanted = loudness_shown(summaries, None), loudness_shown(summaries, -14.0)
    gain = -14.0 - integrated([summary.measured for summary in summaries])
    assert wanted == pytest.approx([lufs + gain for lufs in as_made])


def test_a_look_is_kept_until_the_song_changes(made_project: tuple[Path, Project], tmp_path: Path) -> None:
    folder, project = made_project
    sounds, ages, kept = ClipSounds(folder, project.clips), clip_ages(project), tmp_path / "kept"
    song = project.songs[0]
    first = kept_summary(song, sounds, ages, kept)
    again = kept_summary(song, {}, ages, kept)
    assert np.array_equal(again.highs, first.highs)
    assert again.measured.lufs == first.measured.lufs
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert np.array_equal(kept_summary(song, sounds, ages, kept).lows, first.lows)
    lane = song.lanes[0]
    quieter = replace(song, lanes=(replace(lane, gain_db=-20.0), *song.lanes[1:]))
    assert kept_summary(quieter, sounds, ages, kept).measured.lufs < first.measured.lufs
    assert len(list(kept.iterdir())) == 2


def test_cancel_is_heard(made_project: tuple[Path, Project]) -> None:
    folder, project = made_project
    with pytest.raises(CancelledError):
        summarise_song(project.songs[0], ClipSounds(folder, project.clips), {}, cancelled=lambda: True)


def test_clips_are_heard_and_those_that_are_gone_left_out(made_project: tuple[Path, Project]) -> None:
    folder, project = made_project
    (folder / project.clips[0].file).unlink()
    heard = read_previews(folder, project.clips)
    assert set(heard) == {clip.id for clip in project.clips[1:]}
    one = heard[project.clips[1].id]
    assert (one.rate, len(one.samples)) == (project.clips[1].rate, project.clips[1].samples)
    assert one.highs.max() == one.samples.max()


@pytest.mark.parametrize("length", [0, 1, 7, 100, 101])
def test_an_outline_holds_all_of_the_sound(length: int) -> None:
    samples = np.random.default_rng(0).normal(size=length).astype(np.float32)
    lows, highs = outline(samples, 50)
    assert len(lows) == len(highs) <= 50
    if length:
        assert (lows.min(), highs.max()) == (samples.min(), samples.max())

"""Clips are numbered without clashes, say how they were made, and are found again after a crash."""

from __future__ import annotations

import json
import threading
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.document.edits.made import add_clips
from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.generation.clip_files import found_clips
from app.studio.generation.generate import ClipRequest, SamplingParameters, generate_clips, generate_in_groups
from samplernn.errors import SoundError

Learnt = tuple[Project, Path]


def make(learnt: Learnt, count: int = 2, seed: int = 5, **how: bool) -> tuple[Clip, ...]:
    project, folder = learnt
    parameters = SamplingParameters(0.9)
    request = ClipRequest(run="r1", epoch=2, count=count, seconds=0.5, parameters=parameters, seed=seed, device="cpu")
    return generate_clips(project, folder, replace(request, **how))


def test_clips_say_how_they_were_made(learnt: Learnt) -> None:
    _, folder = learnt
    first, second = make(learnt)
    assert [first.id, second.id] == ["c0001", "c0002"]
    assert (second.run, second.epoch, second.seed, second.temperature) == ("r1", 2, 6, 0.9)
    assert (second.rate, second.samples) == (8000, 4000)
    info = soundfile.info(folder / second.file)
    assert (info.samplerate, info.frames, info.channels) == (8000, 4000, 1)
    assert {path.name for path in (folder / "clips").iterdir()} == {
        "c0001.flac", "c0001.json", "c0002.flac", "c0002.json"
    }  # fmt: skip


def test_the_same_seed_makes_the_same_clip(learnt: Learnt) -> None:
    _, folder = learnt
    sounds = [soundfile.read(folder / clip.file)[0] for clip in (*make(learnt, 2), *make(learnt, 2, seed=6))]
    assert np.mean(sounds[1] == sounds[2]) > 0.9
    assert not np.array_equal(sounds[0], sounds[1])


def test_numbers_go_on_past_the_disk_and_the_document(learnt: Learnt) -> None:
    project, folder = learnt
    (clip,) = make(learnt, 1)
    assert clip.id == "c0001"
    (folder / "clips" / ".c0006.flac.99.part").write_bytes(b"")
    assert make(learnt, 1)[0].id == "c0007"
    ahead = Clip(id="c0020", run="r1", epoch=1, file="", rate=8000, samples=1, seed=0, temperature=1.0)
    assert make((add_clips(project, [ahead]), folder), 1)[0].id == "c0021"


def test_two_batches_at_once_do_not_clash(learnt: Learnt) -> None:
    made: list[tuple[Clip, ...]] = []
    threads = [threading.Thread(target=lambda seed=seed: made.append(make(learnt, 4, seed=seed))) for seed in (0, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = {clip.id for batch in made for clip in batch}
    assert len(ids) == 8
    assert {clip.id for clip in found_clips(learnt[1])} == ids


def test_clips_made_just_before_a_kill_are_found(learnt: Learnt) -> None:
    _, folder = learnt
    clips = (*make(learnt, 3), *make(learnt, 1, preview=True))
    assert found_clips(folder) == clips
    assert [clip.preview for clip in clips] == [False, False, False, True]
    (folder / clips[0].file).unlink()
    (folder / clips[1].file).with_suffix(".json").write_text("{}")
    assert found_clips(folder) == clips[2:]
    assert found_clips(folder / "nowhere") == ()


def test_what_a_killed_program_left_is_cleared_away(learnt: Learnt) -> None:
    _, folder = learnt
    (whole,) = make(learnt, 1)
    clips = folder / "clips"
    for name in ("c0001", "c0002"):
        (clips / f".{name}.held").write_text("another process")
    for name in ("c0002.flac", ".c0002.flac.99.part", ".c0003.held"):
        (clips / name).write_bytes(b"")
    assert make(learnt, 1)[0].id == "c0004"
    left = {path.name for path in clips.iterdir()}
    assert left == {"c0001.flac", "c0001.json", ".c0003.held", "c0004.flac", "c0004.json"}
    assert found_clips(folder)[0] == whole


def test_what_is_no_mark_of_a_killed_program_stays(learnt: Learnt) -> None:
    _, folder = learnt
    clips = folder / "clips"
    (clips / ".c0005.held").mkdir(parents=True)
    (clips / ".c0006.held").write_text("x" * 100_000)
    (clips / ".c0007.held").write_text("another process")
    (clips / ".c0007.flac.99.part").mkdir()
    make(learnt, 1)
    names = {path.name for path in clips.glob(".*")}
    assert names == {".c0005.held", ".c0006.held", ".c0007.flac.99.part"}


def test_many_clips_are_made_in_groups(learnt: Learnt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.studio.generation.generate._AT_ONCE", 2)
    project, folder = learnt
    told: list[float] = []
    groups = list(
        generate_in_groups(
            project, folder, ClipRequest(run="r1", epoch=2, count=5, seconds=0.1, seed=5, device="cpu"),
            lambda fraction, doing: told.append(fraction),
        )
    )  # fmt: skip
    assert [len(group) for group in groups] == [2, 2, 1]
    assert [clip.seed for group in groups for clip in group] == [5, 6, 7, 8, 9]
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("wrong", [{"rate": 0}, {"seconds": 1e12}, {"seconds": float("inf")}, {"epoch": []}])
def test_a_sidecar_that_makes_no_sense_is_no_clip(learnt: Learnt, wrong: dict[str, object]) -> None:
    _, folder = learnt
    (clip,) = make(learnt, 1)
    sidecar = (folder / clip.file).with_suffix(".json")
    sidecar.write_text(json.dumps({**json.loads(sidecar.read_text()), **wrong}))
    assert found_clips(folder) == ()


def test_cancel_leaves_no_clip(learnt: Learnt) -> None:
    project, folder = learnt
    request = ClipRequest(run="r1", epoch=1, count=2, seconds=1.0, device="cpu")
    with pytest.raises(CancelledError):
        generate_clips(project, folder, request, cancelled=lambda: True)
    assert list(ProjectFolder(folder).clips.iterdir()) == []


def test_a_missing_checkpoint_is_said_plainly(learnt: Learnt) -> None:
    project, folder = learnt
    with pytest.raises(UserError, match="epoch 9"):
        generate_clips(project, folder, ClipRequest(run="r1", epoch=9, count=1, seconds=1.0))


def test_clips_say_what_they_play_along_to(learnt: Learnt, tmp_path: Path) -> None:
    beat = tmp_path / "beat.wav"
    time = np.arange(2 * 8000) / 8000
    soundfile.write(beat, 0.5 * np.sin(2 * np.pi * 110 * time) * np.exp(-9 * (time % 0.5)), 8000)
    project, folder = learnt
    request = ClipRequest(run="r1", epoch=2, count=2, seconds=2.0, device="cpu")
    (plain, _) = generate_clips(project, folder, request)
    guided = generate_clips(project, folder, replace(request, guide=GuideChoice("recording", beat)))
    assert [clip.guide for clip in guided] == ["beat.wav"] * 2
    assert (plain.guide, plain.tempo) == ("", None)
    assert found_clips(folder)[-1] == guided[-1]

    def swing(clip: Clip) -> float:
        sound = soundfile.read(folder / clip.file)[0]
        loud = [np.std(part) for part in np.array_split(sound, 32)]
        return float(np.corrcoef(loud, [np.exp(-9 * (place % 8) / 16) for place in range(32)])[0, 1])

    assert swing(guided[0]) > 0.8 > swing(plain)


def test_a_guide_that_cannot_be_read_leaves_no_clip(learnt: Learnt, tmp_path: Path) -> None:
    project, folder = learnt
    request = ClipRequest(run="r1", epoch=2, count=1, seconds=2.0, device="cpu")
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(16_000), 8000)
    with pytest.raises(UserError, match="is silent"):
        generate_clips(project, folder, replace(request, guide=GuideChoice("recording", silence)))
    with pytest.raises(SoundError, match="gone"):
        generate_clips(project, folder, replace(request, guide=GuideChoice("recording", tmp_path / "gone.wav")))
    assert found_clips(folder) == ()

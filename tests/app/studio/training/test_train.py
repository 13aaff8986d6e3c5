"""A project is prepared and taught; runs get ids of their own and are found again on the disk."""

from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.document.edits.album import add_album, switch_track
from app.document.errors import UserError
from app.document.model import Album, Project, Run
from app.document.store import ProjectFolder
from app.studio.importing.album import import_album
from app.studio.training.previews import Preview
from app.studio.training.train import (
    TrainingPlan,
    found_runs,
    learn,
    next_run_id,
    prepare,
    run_after,
    train_run,
    with_found_runs,
)
from samplernn.config import Preset
from samplernn.errors import SoundError
from samplernn.presets import preset_named
from samplernn.training.control import Control
from samplernn.training.events import EpochEnd, Finished, Note, Saved, Started, Step

Learnt = tuple[Project, Path]


def test_a_run_leaves_checkpoints_and_what_is_known_of_it(learnt: Learnt) -> None:
    project, folder = learnt
    (run,) = project.runs
    assert (run.id, run.epoch) == ("r1", 2)
    assert run.held_out_bits is not None
    assert run.best_bits is not None
    assert run.best_bits <= run.held_out_bits
    assert len(list((ProjectFolder(folder).runs / "r1" / "checkpoints").glob("*.safetensors"))) == 2
    assert found_runs(folder) == (run,)


def test_runs_are_numbered_past_what_lies_on_the_disk(learnt: Learnt, tiny: Preset) -> None:
    project, folder = learnt
    assert next_run_id(Project(), folder) == "r2"
    assert next_run_id(replace(project, runs=(replace(project.runs[0], id="r7"),)), folder) == "r8"
    (ProjectFolder(folder).runs / "r4").mkdir()
    events = list(train_run(project, folder, TrainingPlan(tiny, epochs=1, device="cpu")))
    assert isinstance(events[0], Started)
    assert events[0].run == "r5"
    assert [run.id for run in found_runs(folder)] == ["r1", "r5"]


def test_a_run_goes_on_after_a_stop(learnt: Learnt, tiny: Preset) -> None:
    project, folder = learnt
    control = Control()
    control.stop()
    ends = list(train_run(project, folder, TrainingPlan(tiny, run="r1", epochs=4, device="cpu"), control))
    assert isinstance(ends[-1], Finished)
    assert ends[-1].reason == "stopped"
    run = project.runs[0]
    for event in train_run(project, folder, TrainingPlan(tiny, run="r1", epochs=4, device="cpu")):
        run = run_after(run, event)
    assert run.epoch == 4
    assert found_runs(folder)[0].epoch == 4


def test_damaged_cards_are_passed_over(learnt: Learnt) -> None:
    _, folder = learnt
    place = ProjectFolder(folder).runs / "r1" / "checkpoints"
    (place / "epoch-0002.json").write_text("{")
    assert found_runs(folder)[0].epoch == 1
    (place / "epoch-0001.safetensors").unlink()
    assert [run.epoch for run in found_runs(folder)] == [0]


def test_without_music_there_is_nothing_to_learn(learnt: Learnt, tiny: Preset, tmp_path: Path) -> None:
    project, folder = learnt
    with pytest.raises(UserError, match="no music"):
        prepare(switch_track(project, "t1", False), folder, tiny)
    with pytest.raises(SoundError, match="prepared"):
        next(train_run(project, tmp_path / "other", TrainingPlan(tiny)))


def test_no_other_preset_is_known() -> None:
    with pytest.raises(SoundError, match="no preset"):
        preset_named("huge")


def test_a_whole_training_is_told_in_its_order(learnt: Learnt, tiny: Preset) -> None:
    """Dataset, baseline, the run as soon as it begins and after each epoch, previews, and the run from the disk."""
    project, folder = learnt
    plan = TrainingPlan(tiny, epochs=2, device="cpu")
    told = [event for event in learn(lambda: project, folder, plan, Control()) if not isinstance(event, Step | Saved)]
    names = [type(event).__name__ for event in told]
    assert names[:4] == ["Prepared", "Baseline", "Started", "Run"]
    assert [run.epoch for run in told if isinstance(run, Run)] == [0, 1, 2, 2]
    assert [clip.clip is not None for clip in told if isinstance(clip, Preview)][:1] == [True]
    assert (told[-1],) == tuple(run for run in found_runs(folder) if run.id == "r2")


def test_a_training_stopped_amid_an_epoch_still_tells_of_its_checkpoint(learnt: Learnt, tiny: Preset) -> None:
    project, folder = learnt
    control = Control()
    endless = dataclasses.replace(tiny, train=dataclasses.replace(tiny.train, steps_per_epoch=1_000_000))
    runs = []
    plan = TrainingPlan(endless, device="cpu")
    for event in learn(lambda: project, folder, plan, control, previews=False):
        if isinstance(event, Step):
            control.stop()
        if isinstance(event, Run):
            runs.append(event)
    assert [run.epoch for run in runs] == [0, 1]
    assert runs[-1].held_out_bits is None


def test_only_epochs_change_what_is_known_of_a_run(learnt: Learnt) -> None:
    run = learnt[0].runs[0]
    assert run_after(run, Finished(2, 6, "done")) is run
    worse = run_after(run, EpochEnd(3, 9, 9.0, 99.0, 1.0, Path("x"), False))
    assert (worse.epoch, worse.held_out_bits) == (3, 99.0)
    assert (worse.best_epoch, worse.best_bits) == (run.best_epoch, run.best_bits)


def _killed_at_once(project: Project, folder: Path, tiny: Preset, run: str = "") -> str:
    """Begins, or goes on with, a run whose program is gone before anything is saved; gives its id."""
    events = train_run(project, folder, TrainingPlan(tiny, run=run, epochs=9, device="cpu"))
    started = next(events)
    assert isinstance(started, Started)
    events.close()  # type: ignore[attr-defined]
    return started.run


def test_the_newest_run_is_the_one_that_was_last_trained(learnt: Learnt, tiny: Preset) -> None:
    """Also where it was killed before its first checkpoint, and the document has never heard of it."""
    project, folder = learnt
    for path in ProjectFolder(folder).runs.rglob("*"):
        os.utime(path, (1e9, 1e9))
    assert _killed_at_once(project, folder, tiny) == "r2"
    known = with_found_runs(project, found_runs(folder))
    assert [(run.id, run.epoch, run.preset) for run in known.runs] == [("r1", 2, tiny.name), ("r2", 0, tiny.name)]
    for path in ProjectFolder(folder).runs.rglob("*"):
        os.utime(path, (1e9, 1e9))
    _killed_at_once(project, folder, tiny, "r1")
    known = with_found_runs(known, found_runs(folder))
    assert [run.id for run in known.runs] == ["r2", "r1"]
    assert known.runs[-1] == project.runs[0]


def test_a_run_whose_checkpoints_are_gone_keeps_what_was_known_of_it(learnt: Learnt) -> None:
    project, folder = learnt
    for path in (ProjectFolder(folder).runs / "r1" / "checkpoints").iterdir():
        path.unlink()
    assert with_found_runs(project, found_runs(folder)) == project


def test_a_moved_album_is_gone_on_with_and_found_again(learnt: Learnt, tiny: Preset, tmp_path: Path) -> None:
    """What was prepared is enough; dropped in again from where it is now, it is not doubled."""
    project, folder = learnt
    album = tmp_path / "album"
    album.mkdir()
    shutil.copy(project.album.tracks[0].path, album)
    project = add_album(replace(project, album=Album()), import_album([album], folder).album)
    assert prepare(project, folder, tiny).reused
    moved = album.rename(tmp_path / "moved")
    told = prepare(project, folder, tiny)
    assert told.reused
    assert len(told.missing) == len(project.album.tracks)
    events = list(train_run(project, folder, TrainingPlan(tiny, run="r1", epochs=3, device="cpu")))
    assert isinstance(events[-1], Finished)
    assert not [event for event in events if isinstance(event, Note)]
    again = add_album(project, import_album([moved], folder).album)
    assert len(again.album.tracks) == len(project.album.tracks)
    assert all(Path(track.path).is_relative_to(moved) for track in again.album.tracks)
    told = prepare(again, folder, tiny)
    assert told.reused
    assert told.missing == ()
    events = list(train_run(again, folder, TrainingPlan(tiny, run="r1", epochs=4, device="cpu")))
    assert not [event for event in events if isinstance(event, Note)]

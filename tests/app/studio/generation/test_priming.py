"""Clips of a project begin amid its music, unless silence is asked for or the music is gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from app.document.model import Project
from app.document.store import ProjectFolder
from app.studio.generation.generate import ClipRequest, generate_clips
from app.studio.generation.live import LiveRequest, LiveSound

Learnt = tuple[Project, Path]


def made(learnt: Learnt, **how: bool) -> tuple[dict[str, Any], np.ndarray]:
    project, folder = learnt
    request = ClipRequest(run="r1", epoch=2, count=1, seconds=0.2, seed=3, device="cpu", **how)
    (clip,) = generate_clips(project, folder, request)
    path = folder / clip.file
    return json.loads(path.with_suffix(".json").read_text()), soundfile.read(path, dtype="float32")[0]


def test_clips_begin_amid_the_music(learnt: Learnt) -> None:
    amid, sound = made(learnt)
    silent, other = made(learnt, in_silence=True)
    assert amid["prime"] == "album"
    assert "prime" not in silent
    assert not np.array_equal(sound, other)


def test_without_the_music_they_begin_in_silence(learnt: Learnt) -> None:
    _, silence = made(learnt, in_silence=True)
    shutil.rmtree(ProjectFolder(learnt[1]).dataset)
    facts, sound = made(learnt)
    assert "prime" not in facts
    assert np.array_equal(sound, silence)


def test_live_begins_where_the_clip_of_its_seed_does(learnt: Learnt) -> None:
    _, clip = made(learnt)
    live = LiveSound(learnt[1], LiveRequest("r1", 2, seed=3, device="cpu", escape=False))
    while live.seconds_heard < 0.2:
        while live.wait_for_room(0.0):
            live.make()
        live.read(0, 100)
    recording = live.recording(0.2)
    # files are of 24 bits
    assert np.allclose(recording.sound[: len(clip)], clip[: len(recording.sound)], atol=2e-7)

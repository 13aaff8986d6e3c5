"""`deepcuts generate`: clips are made, kept in the project, and go on from a file."""

from __future__ import annotations

import json
from pathlib import Path

from app.document.store import load_project
from tests.app.shell.calling import deepcuts, refused


def test_clips_are_generated_and_kept(tmp_path: Path, learnt: Path) -> None:
    result = deepcuts(
        tmp_path, "generate", learnt, "--count", "2", "--seconds", "0.5", "--checkpoint", "best", "--json"
    )
    assert result.returncode == 0, result.stderr
    clips = json.loads(result.stdout)
    assert len(clips) == 2
    for clip in clips:
        sound = json.loads(deepcuts(tmp_path, "info", learnt / clip["file"], "--json").stdout)
        assert (sound["kind"], sound["rate"], sound["seconds"]) == ("sound", 16_000, 0.5)
    known = {clip.id for clip in load_project(learnt).clips}
    assert {clip["id"] for clip in clips} <= known


def test_clips_go_on_from_a_prime(tmp_path: Path, learnt: Path) -> None:
    track = load_project(learnt).album.tracks[0].path
    options = ["--count", "1", "--seconds", "0.2", "--json", "--prime"]
    made = deepcuts(tmp_path, "generate", learnt, *options, track)
    assert made.returncode == 0, made.stderr
    (clip,) = json.loads(made.stdout)
    sidecar = json.loads((learnt / clip["file"]).with_suffix(".json").read_text())
    assert sidecar["prime"] == Path(track).name
    refused = deepcuts(tmp_path, "generate", learnt, *options, tmp_path / "gone.wav")
    assert refused.returncode == 2
    assert "gone.wav" in refused.stderr


def test_a_checkpoint_that_is_not_there_is_refused(tmp_path: Path, learnt: Path) -> None:
    for wanted in ("99", "newest", "9" * 5_000):
        line = refused(deepcuts(tmp_path, "generate", learnt, "--count", 1, "--seconds", 1, "--checkpoint", wanted))
        assert "last, best or 1 to 1" in line

"""`deepcuts measures`: the clips of a project as a table and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.app.shell.calling import deepcuts, refused


def test_clips_are_measured_and_told(tmp_path: Path, learnt: Path) -> None:
    made = deepcuts(tmp_path, "generate", learnt, "--count", 2, "--seconds", 5, "--guide", "none")
    assert made.returncode == 0, made.stderr
    told = json.loads(deepcuts(tmp_path, "measures", learnt, "--json", "--bits").stdout)
    assert len(told) == 2
    assert told[0]["score"] >= told[1]["score"]
    for clip in told:
        assert all(0 <= clip[name] <= 1 for name in ("score", "close", "new", "moving", "pulse"))
        (section,) = clip["sections"]
        assert section["seconds"] == 5.0
        assert 0 < section["bits"] < 12
    table = deepcuts(tmp_path, "measures", learnt)
    assert table.returncode == 0, table.stderr
    head, *lines = table.stdout.splitlines()
    assert head.split()[:3] == ["clip", "length", "close"]
    assert len(lines) == 2
    (learnt / told[0]["file"]).unlink()
    again = json.loads(deepcuts(tmp_path, "measures", learnt, "--json").stdout)
    assert [clip["clip"] for clip in again if "problem" in clip] == [told[0]["clip"]]


def test_without_a_project_it_says_so(tmp_path: Path) -> None:
    assert "no" in refused(deepcuts(tmp_path, "measures", tmp_path / "none.deepcuts")).lower()

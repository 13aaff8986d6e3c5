"""`deepcuts info`: projects as JSON, checkpoints in words."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.app.shell.calling import deepcuts


def test_a_project_is_told_as_json(tmp_path: Path, learnt: Path) -> None:
    told = json.loads(deepcuts(tmp_path, "info", learnt, "--json").stdout)
    assert told["tracks"] == 2
    assert told["clips"] == 0
    assert told["finish"] == "album"
    assert told["finish_learnt"] is not None
    assert told["epochs"] == 1
    assert told["order0_bits"] > told["bigram_bits"] > 0
    assert 0 < told["linear32_bits"] < 8
    assert 0 < told["held_out_bits"] < 9
    again = json.loads(deepcuts(tmp_path, "info", learnt, "--json").stdout)
    assert {name: again[name] for name in again if "bits" in name} == {
        name: told[name] for name in told if "bits" in name
    }


def test_a_checkpoint_is_told_in_words(tmp_path: Path, learnt: Path) -> None:
    (path,) = (learnt / "runs").glob("*/checkpoints/epoch-0001.safetensors")
    told = deepcuts(tmp_path, "info", path)
    assert told.returncode == 0, told.stderr
    assert re.search(r"^megabytes +\d", told.stdout, re.MULTILINE)
    assert re.search(r"^epoch +1$", told.stdout, re.MULTILINE)

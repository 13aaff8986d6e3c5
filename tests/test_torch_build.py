"""Which build of PyTorch setting up takes, and what it says of its size; no index is asked here."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
(PIN,) = re.findall(r"(?m)^torch==(.+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"))
CPU, CUDA = {"version": f"{PIN}+cpu"}, {"version": PIN, "requires_dist": ["nvidia-cublas", "filelock"]}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one build")

# What setup-venv.sh runs Python for: to see whether torch is here, to ask pip what there is, to read its answer.
FAKE_PYTHON = """#!/bin/bash
case $1 in
    -m) [[ ${!#} == torch ]] && cat "$(dirname "$0")/usual" || cat "$(dirname "$0")/pinned" ;;
    -c) [[ $2 != "import torch" ]] && exec REAL -c "$2"; exit 1 ;;
esac
"""


def choose(folder: Path, card: bool, usual: object, pinned: object = None, index: str = "") -> tuple[list[str], str]:
    """What pip is to install and what is said.

    Args:
        usual, pinned: what the index answers when asked for "torch", and for the very version without "+cpu".
    """
    for name, build in (("usual", usual), ("pinned", pinned)):
        answer = json.dumps({"install": [{"metadata": build}]}) if build else ""
        (folder / name).write_text(answer, encoding="utf-8")
    python = folder / "python"
    python.write_text(FAKE_PYTHON.replace("REAL", sys.executable), encoding="utf-8")
    python.chmod(0o755)
    script = (
        f"set -euo pipefail; . packaging/torch-build.sh; has_nvidia_card() {{ {'true' if card else 'false'}; }}\n"
        'choose_torch "$1"; printf "install:%s\\n" "${torch[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script, "bash", str(python)],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin", "TORCH_INDEX": index}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    said = [line.strip() for line in lines if not line.startswith("install:")]
    return [line.removeprefix("install:") for line in lines if line.startswith("install:")], " ".join(said)


def test_without_a_card_it_is_the_one_for_the_cpu(tmp_path: Path) -> None:
    chosen, said = choose(tmp_path, card=False, usual=CPU, pinned=CUDA)
    assert chosen == [f"torch==={PIN}+cpu"]
    assert "2.1 GB" in said


def test_with_a_card_it_is_the_one_with_cuda(tmp_path: Path) -> None:
    for usual in (CPU, CUDA):
        chosen, said = choose(tmp_path, card=True, usual=usual, pinned=CUDA)
        assert chosen == [f"torch==={PIN}"]
        assert "5.8 GB" in said


def test_where_the_index_has_only_the_other_it_says_so_and_how_to_get_it(tmp_path: Path) -> None:
    chosen, said = choose(tmp_path, card=False, usual=CUDA)
    assert chosen == [f"torch==={PIN}"]
    assert "5.8 GB" in said
    assert "2.1 GB" in said
    assert "TORCH_INDEX=" in said
    chosen, said = choose(tmp_path, card=True, usual=CPU)
    assert chosen == [f"torch==={PIN}+cpu"]
    assert "There is an NVIDIA card" in said
    assert "TORCH_INDEX=" in said


def test_an_index_of_ones_own_is_asked(tmp_path: Path) -> None:
    chosen, _ = choose(tmp_path, card=False, usual=CPU, index="https://example.org/cpu")
    assert chosen == ["--index-url", "https://example.org/cpu", f"torch==={PIN}+cpu"]


def test_where_no_index_answers_pip_is_left_to_say_why(tmp_path: Path) -> None:
    assert choose(tmp_path, card=False, usual=None)[0] == ["torch"]
    assert choose(tmp_path, card=True, usual=None)[0] == ["torch"]

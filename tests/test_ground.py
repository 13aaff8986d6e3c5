"""What the project stands on: pinned dependencies, its scripts, and a Qt binding that counts its references."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonical(name): pin for name, pin in (line.split("==") for line in lines if "==" in line)}


def installed_below(name: str) -> set[str]:
    """Every installed distribution that `name` asks for, at any depth."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        try:
            asked = requires(waiting.pop()) or []
        except PackageNotFoundError:
            continue
        for requirement in asked:
            wanted = canonical(re.split(r"[\s;<>=!~\[(]", requirement, maxsplit=1)[0])
            is_of_an_extra = "extra ==" in requirement and not requirement.endswith('extra == "dev"')
            if wanted in found or is_of_an_extra:
                continue
            try:
                version(wanted)
            except PackageNotFoundError:
                continue
            found.add(wanted)
            waiting.append(wanted)
    return found


def test_every_dependency_is_pinned() -> None:
    below = installed_below("deepcuts")
    assert {"torch", "pyside6-essentials", "pytest"} <= below
    # torch names the exact CUDA libraries of its build itself
    assert {name for name in below - set(pins()) if not name.startswith(("nvidia-", "cuda-", "triton"))} == set()


def test_the_pinned_versions_are_the_tested_ones() -> None:
    wanted = pins()
    here = {name: version(name).split("+")[0] for name in installed_below("deepcuts") & set(wanted)}
    assert here == {name: wanted[name] for name in here}


SCRIPTS = [".ci/run", "packaging/bare-root.sh", "packaging/setup-venv.sh", "packaging/system-packages.sh"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_run(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", path], check=True)


def test_system_packages_refuses_what_it_does_not_know() -> None:
    result = subprocess.run(
        ["bash", ROOT / "packaging" / "system-packages.sh", "piano"], capture_output=True, text=True, check=False
    )
    assert result.returncode == (2 if sys.platform == "linux" else 0)


def test_qt_returns_none_without_losing_it() -> None:
    """PySide6 6.12.0 on Python 3.11 drops a reference to None per call and aborts after some thousands."""
    code = (
        "from PySide6.QtCore import QObject\nthing = QObject()\nfor _ in range(50_000):\n    thing.setObjectName('x')\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is asked of the system")
def test_what_the_system_lacks_is_asked_for_in_one_line(tmp_path: Path) -> None:
    """Without a compiler one goes on; without a library one does not. There is no apt-get here to install any."""
    for name in ("uname", "id", "grep", "dirname", "bash", "python3"):
        (tmp_path / name).symlink_to(shutil.which(name) or sys.executable)
    (tmp_path / "ldconfig").write_text("#!/bin/sh\necho 'libEGL.so.1 (libc6) => /nowhere'\n")
    (tmp_path / "ldconfig").chmod(0o755)
    script = (ROOT / "packaging" / "system-packages.sh").read_text(encoding="utf-8")
    (tmp_path / "packaging").mkdir()
    copy = tmp_path / "packaging" / "system-packages.sh"
    copy.write_text(script.replace("PATH=$PATH:/usr/sbin:/sbin", ""), encoding="utf-8")
    (tmp_path / "resources").mkdir()
    shutil.copy(ROOT / "resources" / "system_libraries.txt", tmp_path / "resources")

    def asked(*groups: str) -> subprocess.CompletedProcess[str]:
        command = [str(tmp_path / "bash"), str(copy), *groups]
        return subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    needed = asked("base", "compiler")
    assert needed.returncode == 1
    (line,) = (line for line in needed.stderr.splitlines() if line.startswith("    sudo apt-get install"))
    assert {"libgl1", "libxkbcommon0", "g++"} <= set(line.split())
    assert "libegl1" not in line.split()
    wanted = asked("compiler")
    assert wanted.returncode == 0
    assert "20 times slower" in wanted.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")
def test_setting_up_says_what_it_does() -> None:
    """Of what pip says: what is fetched and how large it is, and when it is put in place; no word of metadata."""
    pip = """\
Collecting torch===2.11.0
  Downloading https://example.org/torch-2.11.0-cp312-cp312-linux_x86_64.whl.metadata (29 kB)
Downloading https://example.org/torch-2.11.0-cp312-cp312-linux_x86_64.whl (190.2 MB)
  Building editable for deepcuts (pyproject.toml): started
Installing collected packages: torch, deepcuts
"""
    script = (ROOT / "packaging" / "setup-venv.sh").read_text(encoding="utf-8")
    (told,) = re.findall(r"(?ms)^told\(\) \{.*?^\}", script)
    done = subprocess.run(["bash", "-c", f"{told}\ntold"], input=pip, capture_output=True, text=True, check=True)
    assert [line.strip() for line in done.stdout.splitlines()] == [
        "torch-2.11.0-cp312-cp312-linux_x86_64.whl (190.2 MB)",
        "building the native generator, where there is a compiler ...",
        "putting all of it in place ...",
    ]
    steps = re.findall(r'echo "(\d) of 4: (.+)"', script)
    assert [number for number, _ in steps] == ["1", "1", "2", "3", "4"]

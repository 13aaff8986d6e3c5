"""A real disk that is as small as one likes, for commands that have to do with one that is full."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_MOUNT = ("unshare", "--user", "--map-root-user", "--mount")
_SCRIPT = """
set -e
mount -t tmpfs -o size="$1" none "$2"
cp -a "$3"/. "$2"
if [ "$4" -ge 0 ]; then
    head -c "$(($(stat -f -c '%a * %S' "$2") - $4 * 1024))" /dev/zero > "$2/.full"
fi
place=$2 out=$5
shift 5
status=0
"$@" || status=$?
rm -f "$place/.full"
cp -a "$place"/. "$out"
exit "$status"
"""


@functools.cache
def _can_mount() -> bool:
    """Whether this user may have disks of its own, in a namespace where it plays root."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    tried = [*_MOUNT, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True).returncode == 0


def with_full_disk(
    place: Path, command: Sequence[object], *, kilobytes: int, environment: Mapping[str, str], timeout: float = 300.0
) -> subprocess.CompletedProcess[str]:
    """Runs a command while `place`, with all that lies in it, is on a disk that has so many kilobytes left.

    Afterwards what the command has left there is in `place` as usual. Skips the test where no disk can be mounted.
    """
    if not _can_mount():
        pytest.skip("no small disk can be mounted here")
    kept = place.with_name(f"{place.name}.kept")
    out = place.with_name(f"{place.name}.out")
    place.rename(kept)
    place.mkdir()
    out.mkdir()
    size = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file()) + 2**24
    arguments = [str(size), str(place), str(kept), str(kilobytes), str(out), *map(str, command)]
    done = subprocess.run(
        [*_MOUNT, "sh", "-c", _SCRIPT, "sh", *arguments],
        cwd=_ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip
    place.rmdir()
    shutil.rmtree(kept)
    out.rename(place)
    return done

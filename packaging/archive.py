"""Packs the bundle for Linux with its installer: dist/deepcuts-VERSION-linux-ARCH.tar.xz.

    python packaging/archive.py --dist dist

In the archive lies one folder: `install.sh`, the program in `deepcuts/`, and in `share/` what the desktop is told.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import tarfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"


def archived(dist: Path, icons: Path) -> Path:
    """Packs `dist/deepcuts` with the icons of the folder `icons`; gives the archive."""
    name = f"deepcuts-{version('deepcuts')}-linux-{platform.machine()}"
    bare = dist / f"{name}.tar"
    with tarfile.open(bare, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(LINUX / "install.sh", f"{name}/install.sh", filter=_plain)
        for path in sorted(LINUX.glob("org.deepcuts.*")):
            tar.add(path, f"{name}/share/{path.name}", filter=_plain)
        tar.add(icons / "hicolor", f"{name}/share/icons/hicolor", filter=_plain)
        tar.add(dist / "deepcuts", f"{name}/deepcuts", filter=_plain)
    packed = bare.with_name(bare.name + ".xz")
    packer = shutil.which("xz")
    if packer is None:
        raise SystemExit("xz is not here: install xz-utils.")
    subprocess.run([packer, "-6", "-T0", "--force", str(bare)], check=True)
    return packed


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of whoever packs."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Packs the bundle for Linux with its installer.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    parser.add_argument("--icons", type=Path, default=ROOT / "build" / "icons")
    given = parser.parse_args()
    print(archived(given.dist, given.icons))  # noqa: T201

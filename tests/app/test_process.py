"""What the process sets before anything else, and that a thousand clips do not take a thousand open files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip
from app.document.edits.songs import add_song
from app.document.store import create_project, save_project
from tests.app.conftest import make_clip

ROOT = Path(__file__).resolve().parents[2]
MANY, FEW = 300, 128

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="open files are not counted there")


def most() -> int:
    """As many open files as the process may ask for: 512, or fewer where whoever runs the tests may have no more."""
    import resource

    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return 512 if allowed == resource.RLIM_INFINITY else min(allowed, 512)


def python(code: str) -> str:
    """What a fresh Python prints that may open `FEW` files, and ask for `most()`."""
    before = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({FEW}, {most()}))\n"
    done = subprocess.run([sys.executable, "-c", before + code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    code = "from app.process import raise_file_limit as r; r(); print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    assert FEW < most() == int(python(code))


def test_the_program_itself_asks_for_them() -> None:
    code = (
        "import sys, app.__main__\nsys.argv[1:] = ['--version']\n"
        "try: app.__main__.main()\nexcept SystemExit: print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    assert python(code).splitlines()[-1] == str(most())


def test_sound_is_decoded_without_video_hardware_and_qt_tells_nothing_of_it() -> None:
    """Without libva, FFmpeg's warnings once reached a message handler in Python that waited for ever."""
    code = (
        "import os, sys, app.__main__\n"
        "for name in [name for name in os.environ if name.startswith('QT_')]: del os.environ[name]\n"
        "sys.argv[1:] = ['--version']\ntry: app.__main__.main()\n"
        "except SystemExit: print(os.environ['QT_FFMPEG_DECODING_HW_DEVICE_TYPES'], os.environ['QT_LOGGING_RULES'])"
    )
    devices, rules = python(code).splitlines()[-1].split()
    assert devices.strip(",") == ""
    assert "qt.multimedia.ffmpeg*=false" in rules.split(";")


def test_an_album_of_more_clips_than_files_may_be_open_is_exported(tmp_path: Path) -> None:
    folder = tmp_path / "Many.deepcuts"
    project = create_project(folder)
    clips = [make_clip(folder, number, epoch=1, seconds=0.2) for number in range(1, MANY + 1)]
    project = add_song(add_clips(project, clips))
    start = 0
    for clip in clips:
        project = place_clip(project, project.songs[0].lanes[0].id, clip.id, start)
        start += clip.frames
    save_project(folder, replace(project, name="Many"))
    code = (
        "from pathlib import Path\nfrom app.document.store import load_project\n"
        "from app.studio.release.export import export_release\n"
        f"folder = Path({str(folder)!r})\nproject = load_project(folder)\n"
        f"print(export_release(project, folder, Path({str(tmp_path / 'out')!r})))"
    )
    release = Path(python(code))
    assert list(release.glob("*.flac"))

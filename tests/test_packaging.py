"""What desktops are told: the entry, the file type, the shop's page, the icons; and the installer, run for real."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.desktop import APPLICATION, DESKTOP_FILE
from app.document.handle import HANDLE_SUFFIX

ROOT = Path(__file__).resolve().parents[1]
LINUX = ROOT / "packaging" / "linux"
_MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def entry() -> dict[str, str]:
    lines = (LINUX / f"{DESKTOP_FILE}.desktop").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def checked(*command: object) -> None:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not here")
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_desktop_entry_is_valid() -> None:
    checked("desktop-file-validate", LINUX / f"{DESKTOP_FILE}.desktop")


def test_the_page_for_shops_is_valid() -> None:
    checked("appstreamcli", "validate", "--no-net", LINUX / f"{DESKTOP_FILE}.metainfo.xml")


def test_all_of_them_name_the_same_program_version_and_kind_of_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = ElementTree.parse(LINUX / f"{DESKTOP_FILE}.metainfo.xml").getroot()
    kind = ElementTree.parse(LINUX / f"{DESKTOP_FILE}.mime.xml").getroot().find(f"{_MIME}mime-type")
    told = entry()
    assert page.findtext("id") == told["Icon"] == DESKTOP_FILE
    # the class that Qt gives to windows on X11 is the name of the application
    assert page.findtext("name") == told["Name"] == told["StartupWMClass"] == APPLICATION
    assert page.findtext("launchable") == f"{DESKTOP_FILE}.desktop"
    assert page.find("releases/release").attrib["version"] == project["version"]
    assert page.findtext("project_license") == project["license"]
    assert kind.attrib["type"] in told["MimeType"].split(";")
    assert kind.attrib["type"] == page.findtext("provides/mediatype")
    assert kind.find(f"{_MIME}glob").attrib["pattern"] == f"*{HANDLE_SUFFIX}"
    assert told["Exec"].split() == [page.findtext("provides/binary"), "%F"]


@pytest.fixture(scope="module")
def icons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("icons")
    command = [sys.executable, str(ROOT / "packaging" / "icons.py"), "--out", str(out)]
    subprocess.run(command, check=True, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    return out


def test_icons_are_there_in_every_size_and_are_more_than_a_square(icons: Path) -> None:
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        with Image.open(icons / f"hicolor/{size}x{size}/apps/{DESKTOP_FILE}.png") as icon:
            assert icon.size == (size, size)
            assert icon.getpixel((0, 0))[3] < 200  # its corners are round
            assert len({pixel for pixel in icon.get_flattened_data() if pixel[3] == 255}) >= 5
    with Image.open(icons / "deepcuts.ico") as windows:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= windows.info["sizes"]
    with Image.open(icons / "deepcuts.icns") as mac:
        assert max(size[0] * size[2] for size in mac.info["sizes"]) == 1024


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Linux")
def test_it_is_installed_for_one_user_and_removed_again(tmp_path: Path, icons: Path) -> None:
    unpacked, home = tmp_path / "un packed", tmp_path / "ho me & $x"
    program = unpacked / "deepcuts" / "deepcuts"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho started "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    shutil.copytree(icons / "hicolor", unpacked / "share" / "icons" / "hicolor")
    for path in LINUX.glob("org.*"):
        shutil.copy(path, unpacked / "share")
    installer = shutil.copy(LINUX / "install.sh", unpacked)
    assert os.stat(installer).st_mode & stat.S_IXUSR
    home.mkdir()
    (home / "mine.txt").write_text("mine", encoding="utf-8")
    environment = {**os.environ, "HOME": str(home)}
    environment.pop("XDG_DATA_HOME", None)

    for _ in range(2):  # over an older one, too
        subprocess.run([installer], check=True, env=environment, capture_output=True)
    command = home / ".local" / "bin" / "deepcuts"
    said = subprocess.run([command, "a b"], check=True, capture_output=True, text=True).stdout
    assert said == "started a b\n"
    share = home / ".local" / "share"
    installed = (share / "applications" / f"{DESKTOP_FILE}.desktop").read_text(encoding="utf-8")
    assert 'Exec="' in installed
    assert str(home / ".local/lib/deepcuts/deepcuts").replace("$", "\\\\$") in installed
    assert (share / "icons" / "hicolor" / "48x48" / "apps" / f"{DESKTOP_FILE}.png").is_file()
    assert (share / "mime" / "packages" / f"{DESKTOP_FILE}.xml").is_file()

    subprocess.run([home / ".local/lib/deepcuts/uninstall.sh"], check=True, env=environment, capture_output=True)
    left = [path.relative_to(home) for path in home.rglob("*") if path.is_file() and DESKTOP_FILE in path.name]
    assert left == []
    assert not command.is_symlink()
    assert not (home / ".local" / "lib" / "deepcuts").exists()
    assert (home / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_installer_without_its_program_says_so(tmp_path: Path) -> None:
    alone = shutil.copy(LINUX / "install.sh", tmp_path)
    environment = {**os.environ, "HOME": str(tmp_path / "home")}
    done = subprocess.run([alone], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "unpack the whole archive" in done.stderr
    assert not (tmp_path / "home").exists()

"""A second start hands over to the first window; stale sockets and hostile messages do no harm."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.document.given import Given
from app.document.handle import HANDLE_NAME
from app.document.store import create_project
from app.screens.window.one_window import FirstWindow, hand_over
from app.screens.window.taking import Taking
from tests.app.screens.conftest import OpenWindow
from tests.app.screens.window.test_opening import Answers

MINUTE = 60_000
unix_only = pytest.mark.skipif(sys.platform == "win32", reason="a named pipe is nothing that lies in a folder")


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short path: that of a socket has room for a hundred letters."""
    with tempfile.TemporaryDirectory(prefix="home-") as folder:
        yield Path(folder)


@pytest.fixture
def name(home: Path) -> str:
    return f"deepcuts-test-{os.getpid()}" if sys.platform == "win32" else str(home / "w.socket")


@pytest.fixture
def first(qtbot: QtBot, name: str) -> Iterator[FirstWindow]:
    made = FirstWindow()
    assert made.listen(name)
    yield made
    made.close()


def handed_over(qtbot: QtBot, name: str, message: object) -> bool:
    """Whether a message is taken, sent as the client does."""
    heard = b""

    def is_answered() -> bool:
        nonlocal heard
        try:
            more = peer.recv(100)
        except BlockingIOError:
            return False
        heard += more
        return not more

    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(name)
        peer.sendall(msgspec.json.encode(message) + b"\n")
        peer.setblocking(False)
        qtbot.waitUntil(is_answered, timeout=MINUTE)
    return heard == b"taken\n"


@unix_only
def test_what_is_given_arrives_as_it_was(qtbot: QtBot, first: FirstWindow, name: str, tmp_path: Path) -> None:
    got: list[Given] = []
    first.given.connect(got.append)
    files = tuple(tmp_path / word for word in ("Ünïcode “x”\n.mp3", "b c"))
    for given in (Given(), Given(tmp_path / "a.deepcuts"), Given(None, files)):
        message = {"files": [str(path) for path in given.files], "project": given.project and str(given.project)}
        assert handed_over(qtbot, name, message)
        assert got.pop() == given


def test_where_nobody_listens_a_start_goes_on_by_itself(name: str) -> None:
    assert not hand_over(name, Given())


@unix_only
def test_a_socket_that_the_dead_left_is_taken_over(qtbot: QtBot, name: str) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(name)
    left.close()
    assert not hand_over(name, Given())
    made = FirstWindow()
    assert made.listen(name)
    assert handed_over(qtbot, name, {"files": []})
    made.close()


@unix_only
def test_only_its_user_may_speak_to_it(first: FirstWindow, name: str) -> None:
    assert os.stat(name).st_mode & 0o077 == 0


@unix_only
@pytest.mark.parametrize(
    "message",
    [
        b"\n",
        b"hello\n",
        b'{"files": 3}\n',
        b'{"files": ["/x"], "run": "rm -rf /"}\n',
        b'{"files": [""]}\n',
        b"[" * 60_000 + b"\n",
        b'{"files": []}\nand more',
        b"x" * 3_000_000,
        b"\xff\xfe\x00\n",
        json.dumps({"files": ["/x"] * 2_000}).encode() + b"\n",
        b'{"files": ["/tmp/half',
    ],
)
def test_hostile_messages_are_dropped(qtbot: QtBot, first: FirstWindow, name: str, message: bytes) -> None:
    got: list[Given] = []
    first.given.connect(got.append)
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(name)
    peer.setblocking(False)
    left = memoryview(message)

    def is_hung_up() -> bool:
        nonlocal left
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, BlockingIOError):
            left = left[peer.send(left) :] if left else left
        try:
            return peer.recv(100) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True

    qtbot.waitUntil(is_hung_up, timeout=MINUTE)
    peer.close()
    assert got == []
    assert handed_over(qtbot, name, {"files": []})
    assert got == [Given()]


_HAND_OVER = """
import sys
from pathlib import Path
from app.document.given import Given
from app.screens.window.one_window import hand_over
files = tuple(Path(sys.argv[2], f"{number:04} {'x' * 200}.flac") for number in range(int(sys.argv[3])))
print(hand_over(sys.argv[1], Given(None, files)))
"""


def handing_over(name: str, folder: Path, files: int) -> subprocess.Popen[str]:
    """Another start, in a process of its own: in this one, who waits would keep the first window from answering."""
    command = [sys.executable, "-c", _HAND_OVER, name, str(folder), str(files)]
    return subprocess.Popen(command, cwd=Path(__file__).parents[4], stdout=subprocess.PIPE, text=True)


@unix_only
def test_a_thousand_files_with_long_names_are_taken(
    qtbot: QtBot, first: FirstWindow, name: str, tmp_path: Path
) -> None:
    got: list[Given] = []
    first.given.connect(got.append)
    with handing_over(name, tmp_path, 1_000) as other:
        qtbot.waitUntil(lambda: other.poll() is not None, timeout=MINUTE)
        assert other.stdout is not None
        assert other.stdout.read() == "True\n"
    assert got == [Given(None, tuple(tmp_path / f"{number:04} {'x' * 200}.flac" for number in range(1_000)))]


@unix_only
def test_who_answers_without_end_is_not_listened_to(name: str, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as chatty:
        chatty.bind(name)
        chatty.listen()
        with handing_over(name, tmp_path, 1) as other:
            peer, _ = chatty.accept()
            with peer, contextlib.suppress(OSError):
                while other.poll() is None:
                    peer.sendall(b"not taken at all ")
            assert other.stdout is not None
            assert other.stdout.read() == "False\n"


@unix_only
def test_paths_that_are_not_absolute_are_left_out(qtbot: QtBot, first: FirstWindow, name: str) -> None:
    got: list[Given] = []
    first.given.connect(got.append)
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(name)
    files = ["a.mp3", "/b.mp3", "/a\0b.mp3"]
    peer.sendall(msgspec.json.encode({"files": files, "project": "/c\0.deepcuts"}) + b"\n")
    qtbot.waitUntil(lambda: got == [Given(None, (Path("/b.mp3"),))], timeout=MINUTE)
    peer.close()


@unix_only
def test_a_first_window_that_hangs_is_not_waited_for_without_end(name: str) -> None:
    hung = socket.socket(socket.AF_UNIX)
    hung.bind(name)
    hung.listen()
    assert not hand_over(name, Given())
    hung.close()


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "one.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 16_000), 16_000)
    return path


def test_a_project_and_music_are_taken(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, song: Path) -> None:
    window = open_window(tmp_path / "First.deepcuts")
    assert (tmp_path / "First.deepcuts" / HANDLE_NAME).is_file()
    create_project(tmp_path / "Other.deepcuts")
    taking = Taking(window)
    window.showMinimized()
    taking.take(Given(tmp_path / "Other.deepcuts", (song,)))
    assert not window.isMinimized()
    qtbot.waitUntil(lambda: len(window.project.value.album.tracks) == 1, timeout=MINUTE)
    assert window.project.folder == tmp_path / "Other.deepcuts"
    assert window.workspace.screen_name == "album"


@unix_only
def test_the_open_project_is_known_by_any_of_its_names(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, song: Path
) -> None:
    """A double click gives another path than the one that it was opened by, and is no reason to complain."""
    window = open_window(tmp_path / "First.deepcuts")
    (tmp_path / "link.deepcuts").symlink_to(tmp_path / "First.deepcuts")
    answers = Answers(qtbot)
    Taking(window).take(Given(tmp_path / "link.deepcuts", (song,)))
    qtbot.waitUntil(lambda: len(window.project.value.album.tracks) == 1, timeout=MINUTE)
    assert window.project.folder == tmp_path / "First.deepcuts"
    assert answers.asked == []


def test_more_music_is_asked_about(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, song: Path) -> None:
    window = open_window(tmp_path / "First.deepcuts")
    taking = Taking(window)
    taking.take(Given(files=(song,)))
    qtbot.waitUntil(lambda: len(window.project.value.album.tracks) == 1, timeout=MINUTE)
    qtbot.waitUntil(lambda: not window.workspace.jobs.running, timeout=MINUTE)
    answers = Answers(qtbot, "Cancel", "New project")
    taking.take(Given(files=(song,)))
    qtbot.waitUntil(lambda: len(answers.asked) == 1 and QApplication.activeModalWidget() is None, timeout=MINUTE)
    assert window.project.folder == tmp_path / "First.deepcuts"
    taking.take(Given(files=(song,)))
    qtbot.waitUntil(lambda: window.project.folder != tmp_path / "First.deepcuts", timeout=MINUTE)
    qtbot.waitUntil(lambda: len(window.project.value.album.tracks) == 1, timeout=MINUTE)


_START = "import sys; from app.__main__ import main; sys.argv = ['deepcuts', *sys.argv[1:]]; main()"


@unix_only
def test_a_second_start_hands_over_and_ends(home: Path) -> None:
    """In two real processes, that share nothing but the home of their user."""
    places = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA", "STATE")}
    environment = {**os.environ, **places, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    environment["XDG_MUSIC_DIR"] = str(home / "Music")
    create_project(home / "Two.deepcuts")
    socket_of_it = home / "config" / "deepcuts" / "window.socket"
    checkout = Path(__file__).parents[4]
    with subprocess.Popen([sys.executable, "-c", _START], cwd=checkout, env=environment) as window:
        try:
            deadline = threading.Event()
            for _ in range(1800):
                if socket_of_it.exists() or window.poll() is not None:
                    break
                deadline.wait(0.1)
            assert socket_of_it.exists()
            command = [sys.executable, "-c", _START, str(home / "Two.deepcuts" / HANDLE_NAME)]
            again = subprocess.run(command, cwd=checkout, env=environment, timeout=120, check=False)
            assert again.returncode == 0
            recent = home / "config" / "deepcuts" / "window.json"
            wanted = [str(home / "Two.deepcuts")]
            for _ in range(1800):
                if recent.exists() and json.loads(recent.read_text())["recent"][:1] == wanted:
                    break
                deadline.wait(0.1)
            assert json.loads(recent.read_text())["recent"][:1] == wanted
        finally:
            window.terminate()
    assert not socket_of_it.exists()

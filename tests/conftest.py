"""Fixtures that every test may use, and what every test is held to."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest

from app.process import calm_multimedia

calm_multimedia()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# small models gain nothing from more threads, and threads that wait for each other crawl on a busy machine
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A machine under load is slow; how long an example takes says nothing of whether it is right. The same code is tested
# with the same examples each time, so that what fails has to do with what was changed; `make endurance` looks for new
# ones.
hypothesis.settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
hypothesis.settings.load_profile("repeatable")

_ENDING_SECONDS = 5.0
_GUI_TESTS = pytest.StashKey[int]()
_THOROUGH_EVERY = 10
_ROOMS_WITH_QT = ("screens", "widgets", "jobs", "session", "playback")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real music, odd files, pictures and titles; skips where it is not there."""
    beside_checkout = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("DEEPCUTS_SHARED", beside_checkout))
    if not (folder / "music").is_dir():
        pytest.skip("the real music is not here (set DEEPCUTS_SHARED)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Settings, caches and logs of the tests are not those of whoever runs them."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "CACHE", "DATA", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield


@pytest.fixture(autouse=True)
def _no_thread_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every thread that a test starts has ended by its end; a forgotten one would trouble the tests after it."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + _ENDING_SECONDS
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(max(until - time.monotonic(), 0.0))
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"{request.node.nodeid} left threads running: {names}"


@pytest.fixture(autouse=True)
def _no_file_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every file, pipe and socket that a test opens is closed by its end: the next thousand tests need theirs, too."""
    before = _open_files()
    yield
    if _open_files() - before:
        gc.collect()
    left = _open_files() - before
    assert not left, f"{request.node.nodeid} left open: {dict(left)}"


def _open_files() -> Counter[str]:
    """What this process has open, and how many times; empty where the system does not tell (it does on Linux).

    What libraries keep for good is left out: what events are waited for with, devices, files of the system; and the
    way to the processes that decode, which wait for the next file.
    """
    from samplernn.audio.worker import idle_descriptors

    found = Counter[str]()
    idle = {f"/proc/self/fd/{number}" for number in idle_descriptors()}
    for link in Path("/proc/self/fd").glob("*"):
        if str(link) in idle:
            continue
        with suppress(OSError):
            target = os.readlink(link)
            if not target.startswith(("anon_inode:", "/dev/", "/proc/", "/sys/", "/usr/")):
                found[target] += 1
    return found


@pytest.fixture(autouse=True)
def _garbage_is_collected_here(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the program, widgets are only ever destroyed in the thread of the window.

    Freezing keeps the modules out of the collection, which takes 1 ms then and not 120. But it keeps out what the test
    before still holds at that time, too: its screens, about 13 MB. Every tenth test looks through everything.
    """
    if "gui" not in request.keywords:
        yield
        return
    gc.disable()
    gc.freeze()
    yield
    count = request.config.stash.get(_GUI_TESTS, 0) + 1
    request.config.stash[_GUI_TESTS] = count
    if count % _THOROUGH_EVERY == 0:
        gc.unfreeze()
    gc.collect()
    gc.enable()


def drives_widgets(path: Path) -> bool:
    """Whether the test file lies in a room of the window, at any depth: its tests bear the mark `gui`."""
    return any(f"app/{room}/" in path.as_posix() for room in _ROOMS_WITH_QT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if drives_widgets(item.path):
            item.add_marker(pytest.mark.gui)

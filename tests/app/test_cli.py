"""The shell as a person or a script uses it: real processes, exit statuses, one plain line for what is wrong."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli import run
from app.document.lock import ProjectLock
from app.document.store import load_project
from samplernn.audio.reading import write_sound
from samplernn.presets import PRESETS
from tests.titles.encyclopaedia import serving

ROOT = Path(__file__).resolve().parents[2]


def environment(home: Path) -> dict[str, str]:
    """Ours, without a screen, with a home of its own and one thread: tests share the machine."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    return {**kept, "HOME": str(home), "XDG_STATE_HOME": str(home), "OMP_NUM_THREADS": "1", "COLUMNS": "200"}


def deepcuts(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False, timeout=300
    )


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a call that was wrong."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dance"], "dance"),
        (["make"], "--out"),
        (["generate", "x.deepcuts", "--count", "many", "--seconds", "1"], "--count"),
        (["train", "x.deepcuts", "--colour", "red"], "--colour"),
        (["titles"], "file"),
        (["artwork", "x.png", "--out", "y.jpg", "--size", "1"], "--size"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_is_told_in_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    line = refused(deepcuts(tmp_path, *arguments))
    assert words in line
    assert "--help" in line


@pytest.mark.parametrize(
    "arguments",
    [
        ["make", "nothing-here", "--out", "out"],
        ["import", "nothing-here", "--project", "p.deepcuts"],
        ["make", "--titles", "nothing-here.txt", "--out", "out"],
        ["make", "--photos", "nothing-here", "--out", "out"],
        ["artwork", "--photos", "nothing-here", "--out", "y.jpg"],
        ["train", "nothing-here.deepcuts"],
        ["generate", "nothing-here.deepcuts", "--count", "1", "--seconds", "1"],
        ["titles", "nothing-here.txt"],
        ["artwork", "nothing-here.png", "--out", "y.jpg"],
        ["export", "nothing-here.deepcuts", "--out", "out"],
        ["info", "nothing-here"],
        ["nothing-here.deepcuts"],
    ],
    ids=lambda value: value[0],
)
def test_what_is_not_there_is_told_in_one_line(tmp_path: Path, arguments: list[str]) -> None:
    places = [str(tmp_path / word) if "." in word or word in ("out", "nothing-here") else word for word in arguments]
    line = refused(deepcuts(tmp_path, *places))
    assert "nothing-here" in line
    assert "is not there. Check the name, or " in line
    assert line.count(". ") == 1, "what is wrong, and what to do"
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "p.deepcuts").exists()


def test_a_folder_that_is_no_project_is_said_to_be_none(tmp_path: Path) -> None:
    assert "not a Deep Cuts project" in refused(deepcuts(tmp_path, "info", str(tmp_path)))


def test_version_and_help(tmp_path: Path) -> None:
    assert deepcuts(tmp_path, "--version").stdout.strip() == f"Deep Cuts {version('deepcuts')}"
    told = deepcuts(tmp_path, "--help")
    assert told.returncode == 0
    for command in ("make", "import", "train", "generate", "titles", "artwork", "export", "info"):
        assert f" {command} " in told.stdout
        assert deepcuts(tmp_path, command, "--help").returncode == 0
    told = deepcuts(tmp_path, "train", "--help").stdout
    assert all(preset in told for preset in PRESETS)


def test_the_window_needs_a_screen(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux runs without a screen")
    assert "no screen" in refused(deepcuts(tmp_path))


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two short tracks, a cover and a file that is none of it."""
    folder = tmp_path_factory.mktemp("music") / "Tin Hearts - Slow Rust"
    folder.mkdir()
    noise = np.random.default_rng(0)
    for number in (1, 2):
        clicks = (noise.random(12 * 16_000) < 0.002) * noise.standard_normal(12 * 16_000)
        sound = np.convolve(clicks, np.exp(-np.arange(800) / 90) * np.sin(np.arange(800) * 0.1 * number))[: len(clicks)]
        write_sound(folder / f"0{number} Song {number}.flac", (sound / abs(sound).max()).astype(np.float32), 16_000)
    Image.radial_gradient("L").convert("RGB").save(folder / "cover.jpg")
    (folder / "broken.mp3").write_bytes(b"ID3 and then nothing")
    return folder


@pytest.fixture(scope="module")
def learnt(album: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has imported the album and learnt for a moment."""
    home = tmp_path_factory.mktemp("home")
    project = home / "slow.deepcuts"
    imported = deepcuts(home, "import", album, "--project", project)
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.strip() == f"{project}: 2 tracks, 24 s"
    assert "broken.mp3" in imported.stderr
    taught = deepcuts(home, "train", project, "--budget", "2s")
    assert taught.returncode == 0, taught.stderr
    assert "bits on held-out music" in taught.stdout
    return project


def test_a_project_is_told_as_json(tmp_path: Path, learnt: Path) -> None:
    told = json.loads(deepcuts(tmp_path, "info", learnt, "--json").stdout)
    assert told["tracks"] == 2
    assert told["clips"] == 0
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


def test_clips_are_generated_and_kept(tmp_path: Path, learnt: Path) -> None:
    result = deepcuts(
        tmp_path, "generate", learnt, "--count", "2", "--seconds", "0.5", "--checkpoint", "best", "--json"
    )
    assert result.returncode == 0, result.stderr
    clips = json.loads(result.stdout)
    assert len(clips) == 2
    for clip in clips:
        sound = json.loads(deepcuts(tmp_path, "info", learnt / clip["file"], "--json").stdout)
        assert (sound["kind"], sound["rate"], sound["seconds"]) == ("sound", 16_000, 0.5)
    known = {clip.id for clip in load_project(learnt).clips}
    assert {clip["id"] for clip in clips} <= known


def test_clips_go_on_from_a_prime(tmp_path: Path, learnt: Path) -> None:
    track = load_project(learnt).album.tracks[0].path
    options = ["--count", "1", "--seconds", "0.2", "--json", "--prime"]
    made = deepcuts(tmp_path, "generate", learnt, *options, track)
    assert made.returncode == 0, made.stderr
    (clip,) = json.loads(made.stdout)
    sidecar = json.loads((learnt / clip["file"]).with_suffix(".json").read_text())
    assert sidecar["prime"] == Path(track).name
    refused = deepcuts(tmp_path, "generate", learnt, *options, tmp_path / "gone.wav")
    assert refused.returncode == 2
    assert "gone.wav" in refused.stderr


def test_a_checkpoint_that_is_not_there_is_refused(tmp_path: Path, learnt: Path) -> None:
    for wanted in ("99", "newest", "9" * 5_000):
        line = refused(deepcuts(tmp_path, "generate", learnt, "--count", 1, "--seconds", 1, "--checkpoint", wanted))
        assert "last, best or 1 to 1" in line


def test_a_run_is_gone_on_with(tmp_path: Path, learnt: Path) -> None:
    before = load_project(learnt).runs
    result = deepcuts(tmp_path, "train", learnt, "--resume", "--budget", "3s")
    assert result.returncode == 0, result.stderr
    after = load_project(learnt).runs
    assert [run.id for run in after] == [run.id for run in before]


def _begun(home: Path, project: Path, *options: object) -> subprocess.Popen[str]:
    """A training in a process of its own, once it has begun its run."""
    before = set(project.glob("runs/*/config.json"))
    command = [sys.executable, "-m", "app", "train", str(project), *map(str, options)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=ROOT, env=environment(home), text=True, **streams)
    until = time.monotonic() + 120
    while set(project.glob("runs/*/config.json")) == before and time.monotonic() < until:
        time.sleep(0.05)
    return process


def test_a_run_that_was_killed_early_is_the_one_that_is_gone_on_with(tmp_path: Path, learnt: Path) -> None:
    """Whatever the document knows of it."""
    project = shutil.copytree(learnt, tmp_path / "killed.deepcuts")
    document = (project / "project.json").read_bytes()
    with _begun(tmp_path, project, "--budget", "1h") as process:
        process.kill()
        process.communicate(timeout=120)
    (project / "project.json").write_bytes(document)
    assert json.loads(deepcuts(tmp_path, "info", project, "--json").stdout)["run"] == "r2"
    result = deepcuts(tmp_path, "train", project, "--resume", "--budget", "2s")
    assert result.returncode == 0, result.stderr
    assert "run r2, epoch 1" in result.stdout
    assert [run.id for run in load_project(project).runs] == ["r1", "r2"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to another process")
def test_what_was_learnt_until_a_stop_in_the_first_epoch_is_heard_and_gone_on_with(
    tmp_path: Path, learnt: Path
) -> None:
    project = shutil.copytree(learnt, tmp_path / "stopped.deepcuts")
    with _begun(tmp_path, project, "--epochs", "5", "--preset", "sketch") as process:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    made = deepcuts(tmp_path, "generate", project, "--count", "1", "--seconds", "0.2", "--json")
    assert made.returncode == 0, made.stderr
    assert [(clip["run"], clip["epoch"]) for clip in json.loads(made.stdout)] == [("r2", 1)]
    again = deepcuts(tmp_path, "train", project, "--resume", "--budget", "2s")
    assert again.returncode == 0, again.stderr
    assert "run r2, epoch 1" in again.stdout


def test_a_project_that_is_open_elsewhere_is_left_alone(tmp_path: Path, learnt: Path) -> None:
    with ProjectLock(learnt):
        assert "open" in refused(deepcuts(tmp_path, "train", learnt, "--budget", "1s"))


def test_a_project_without_songs_has_nothing_to_export(tmp_path: Path, learnt: Path) -> None:
    assert "no song" in refused(deepcuts(tmp_path, "export", learnt, "--out", tmp_path / "out"))
    assert "not a format" in refused(
        deepcuts(tmp_path, "export", learnt, "--out", tmp_path / "out", "--format", "vinyl")
    )
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "x.deepcuts", "--out", "out", "--loudness", "nan"],
        ["export", "x.deepcuts", "--out", "out", "--loudness=-inf"],
        ["generate", "x.deepcuts", "--count", "1", "--seconds", "nan"],
        ["make", "--out", "out", "--song-seconds", "nan"],
    ],
    ids=lambda value: " ".join(value),
)
def test_what_is_no_number_is_refused(tmp_path: Path, arguments: list[str]) -> None:
    assert "Invalid value for" in refused(deepcuts(tmp_path, *arguments))
    assert not (tmp_path / "out").exists()


def test_titles_are_looked_up_by_artist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serving() as known:
        monkeypatch.setenv("DEEPCUTS_MUSICBRAINZ", known.url)
        looked_up = deepcuts(tmp_path, "titles", "--artist", "Cast Iron Gardens", "--count", 9)
        unknown = deepcuts(tmp_path, "titles", "--artist", "Zzyzx")
    assert looked_up.returncode == 0
    assert len(looked_up.stdout.splitlines()) == 9
    assert "several artists called “Cast Iron Gardens”; this is the group from Ghent" in looked_up.stderr
    assert unknown.returncode == 2
    assert "knows no artist called “Zzyzx”" in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_titles_are_invented(tmp_path: Path) -> None:
    catalogue = tmp_path / "titles.txt"
    words = ("Iron", "Winter", "River", "Ashes", "Hollow", "Morning", "Serpent", "Golden", "Thunder", "Widow")
    catalogue.write_text("\n".join(f"{one} {two}" for one in words for two in words if one < two), encoding="utf-8")
    first, again, other = (
        deepcuts(tmp_path, "titles", catalogue, "--count", 12, "--seed", seed).stdout.splitlines() for seed in (1, 1, 2)
    )
    assert first == again != other
    assert len(set(first)) == 12
    assert not set(first) & set(catalogue.read_text(encoding="utf-8").splitlines())
    listed = json.loads(deepcuts(tmp_path, "titles", catalogue, "--count", 12, "--seed", 1, "--json").stdout)
    assert listed == first


def test_a_cover_is_made(tmp_path: Path, album: Path) -> None:
    for name, size in (("new.png", 128), ("new.jpg", 96)):
        result = deepcuts(tmp_path, "artwork", album / "cover.jpg", "--out", tmp_path / name, "--size", size)
        assert result.returncode == 0, result.stderr
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (size, size)
    assert "new.txt" in refused(deepcuts(tmp_path, "artwork", album / "cover.jpg", "--out", tmp_path / "new.txt"))


def test_a_cover_of_photographs_alone_or_of_type_with_names_on_it(tmp_path: Path, album: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(3):
        Image.linear_gradient("L").rotate(90 * number).convert("RGB").save(photos / f"{number}.png")

    def made(name: str, *arguments: object) -> np.ndarray:
        result = deepcuts(tmp_path, "artwork", "--out", tmp_path / name, "--size", 96, *arguments)
        assert result.returncode == 0, result.stderr
        return np.asarray(Image.open(tmp_path / name).convert("RGB"), dtype=float)

    alone = made("alone.png", "--photos", photos)
    assert not np.array_equal(alone, made("other.png", "--photos", photos, "--blend", "multiply", "--weight", 1))
    named = made("named.png", "--photos", photos, "--title", "Slow Rust", "--artist", "Tin Hearts")
    changed = np.abs(named - alone).max(axis=2) > 0
    assert changed[-30:, :60].any()  # the title at the lower left, the artist at the upper right
    assert changed[:20, 50:].any()
    assert not changed[30:60].any()
    assert made("type.png", "--title", "Slow Rust").std() > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--title"),
        (["cover.jpg", "--method", "photos"], "--photos"),
        (["cover.jpg", "--network"], "--network-file"),
        (["cover.jpg", "--network-file", "cover.jpg"], "not the published network"),
        (["cover.jpg", "--blend", "dodge"], "dodge"),
        (["cover.jpg", "--pieces", "40"], "1/16"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_cover_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, album: Path, arguments: list[str], words: str
) -> None:
    places = [album / word if word == "cover.jpg" else word for word in arguments]
    photos: list[object] = []
    if "--blend" in arguments:
        photos = ["--photos", tmp_path / "photos"]
        (tmp_path / "photos").mkdir()
        shutil.copy(album / "cover.jpg", tmp_path / "photos")
    assert words in refused(deepcuts(tmp_path, "artwork", "--out", tmp_path / "new.jpg", *places, *photos))
    assert not (tmp_path / "new.jpg").exists()


def test_what_the_system_refuses_is_told_in_one_line(tmp_path: Path, album: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    line = refused(deepcuts(tmp_path, "make", album, "--out", tmp_path / "out", "--project", tmp_path / "file" / "p"))
    assert "file" in line
    assert "our fault" not in line


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_stopping_keeps_what_was_made(tmp_path: Path, album: Path, number: signal.Signals) -> None:
    project = tmp_path / "stopped.deepcuts"
    command = [sys.executable, "-m", "app", "make", str(album), "--out", str(tmp_path / "out"), "--budget", "1h"]
    with subprocess.Popen(
        [*command, "--project", str(project)],
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until = time.monotonic() + 120
        while not list(project.glob("runs/*/config.json")) and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(number)
        out, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert out == ""
    assert told.splitlines()[-1] == "Stopped. What was made until now is kept."
    assert "Traceback" not in told
    kept = load_project(project)
    assert len(kept.album.tracks) == 2
    assert [(run.id, run.epoch) for run in kept.runs] == [("r1", 1)]
    assert list(project.glob("runs/r1/checkpoints/*.safetensors"))
    assert not (tmp_path / "out").exists()


def test_a_word_that_is_too_long_for_a_name_is_no_command() -> None:
    done = subprocess.run([sys.executable, "-m", "app", "x" * 300], capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "No such command" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "", "--project", "p.deepcuts"],
        ["import", "a.wav", "", "--project", "p.deepcuts"],
        ["import", "a.wav", "--project", ""],
        ["export", "p.deepcuts", "--out", ""],
        ["export", "", "--out", "o"],
        ["make", "", "--out", "o"],
        ["make", "--out", ""],
        ["make", "--out", "o", "--project", ""],
        ["make", "--out", "o", "--photos", ""],
        ["make", "--out", "o", "--titles="],
        ["train", ""],
        ["generate", "", "--count", "1", "--seconds", "1"],
        ["generate", "p.deepcuts", "--count", "1", "--seconds", "1", "--prime", ""],
        ["titles", ""],
        ["artwork", "", "--out", "o.png"],
        ["artwork", "--out", "", "--title", "x"],
        ["artwork", "a.png", "--out", "o.png", "--photos", ""],
        ["artwork", "a.png", "--out", "o.png", "--network-file", ""],
        ["info", ""],
    ],
    ids=" ".join,
)
def test_an_empty_text_is_no_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "an empty text names no file and no folder" in said.err
    assert len(said.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_empty_text_alone_does_not_open_the_project_one_stands_in(tmp_path: Path) -> None:
    (tmp_path / "project.json").write_text("{}")
    env = {**environment(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app", ""]
    result = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=300)
    line = refused(result)
    assert "--help" in line
    assert "project.json" not in line

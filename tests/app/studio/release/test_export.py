"""A release comes out whole, as promised, or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

import mutagen
import numpy as np
import pytest
import soundfile
import soxr
from msgspec.structs import replace
from PIL import Image
from pyloudnorm import Meter

from app.document.edits.release import set_formats, set_gap
from app.document.edits.songs import add_song, mute_lane
from app.document.errors import UserError
from app.document.model import FORMAT_TITLES, Project
from app.document.store import save_project
from app.jobs.export import songs_of
from app.studio.release.checks import before_export
from app.studio.release.export import export_release
from app.studio.release.files import FORMATS
from app.studio.release.tags import read_back


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_project: Callable[[Path], Project]) -> tuple[Project, Path]:
    folder = tmp_path_factory.mktemp("p") / "Small.deepcuts"
    return small_project(folder), folder


@pytest.fixture(scope="module")
def release(made: tuple[Project, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    project, folder = made
    told: list[float] = []
    out = tmp_path_factory.mktemp("out")
    everything = set_formats(project, FORMAT_TITLES)
    done = export_release(everything, folder, out, report=lambda fraction, doing: told.append(fraction))
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert list(out.iterdir()) == [done]
    return done


def decoded(path: Path) -> np.ndarray:
    sound, rate = soundfile.read(path, dtype="float32")
    return sound if rate == 44_100 else soxr.resample(sound, rate, 44_100)


def songs_in(release: Path, form: str) -> list[Path]:
    return sorted((release / FORMAT_TITLES[form]).glob(f"*.{FORMATS[form].suffix}"))


def true_peak_db(sound: np.ndarray) -> float:
    return float(20 * np.log10(np.abs(soxr.resample(sound, 44_100, 176_400)).max()))


def test_the_folder_holds_all_that_is_promised(release: Path) -> None:
    assert release.name == "Die Alten (machine) - Nächste"
    names = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    expected = {"cover.jpg", "release.json", "about.json", "how it was made.html"}
    expected |= {f"{folder}/Nächste.cue" for folder in ("FLAC", "FLAC 24", "WAV", "WAV 24")}
    for form, folder in FORMAT_TITLES.items():
        songs = {f"0{number} Sång {number}-2 - «Ash».{FORMATS[form].suffix}" for number in (1, 2)}
        expected |= {f"{folder}/{name}" for name in (*songs, "cover.jpg", "Nächste.m3u8")}
    assert names == expected
    for path in release.rglob("cover.jpg"):
        with Image.open(path) as cover:
            assert cover.size == (3000, 3000)


def test_one_format_needs_no_folder_of_its_own(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    release = export_release(set_formats(project, ["mp3"]), folder, tmp_path)
    songs = {f"0{number} Sång {number}-2 - «Ash».mp3" for number in (1, 2)}
    assert {path.name for path in release.iterdir()} == {
        *songs, "cover.jpg", "release.json", "about.json", "how it was made.html", "Nächste.m3u8",
    }  # fmt: skip
    assert [path.name for path in songs_of(release)] == sorted(songs)


def test_songs_lie_around_zero_though_their_clips_do_not(
    small_project: Callable[[Path], Project], tmp_path: Path
) -> None:
    project = small_project(tmp_path / "Small.deepcuts")
    for clip in project.clips:
        path = tmp_path / "Small.deepcuts" / clip.file
        sound, rate = soundfile.read(path)
        soundfile.write(path, np.clip(0.8 * sound - 0.15, -1, 1), rate)
    place = export_release(set_formats(project, ["flac"]), tmp_path / "Small.deepcuts", tmp_path)
    files = songs_of(place)
    assert files
    for path in files:
        assert np.abs(decoded(path).mean(axis=0)).max() < 0.001
    facts = json.loads((place / "release.json").read_text())
    assert max(song["offset"] for song in facts["formats"]["flac"]["songs"]) < 0.001
    assert facts["problems"] == []


def test_what_is_played_is_the_best_format(release: Path) -> None:
    assert [path.parent.name for path in songs_of(release)] == ["FLAC", "FLAC"]


@pytest.mark.parametrize(
    ("form", "tolerance", "longer"),
    [
        ("flac", 0.2, 0), ("wav", 0.2, 0), ("mp3", 0.5, 4410), ("ogg", 0.5, 10), ("opus", 0.6, 10), ("flac24", 0.2, 0),
        ("wav24", 0.2, 0), ("mp3v0", 0.5, 4410),
    ],
)  # fmt: skip
def test_loudness_peak_and_length(release: Path, form: str, tolerance: float, longer: int) -> None:
    songs = [decoded(path) for path in songs_in(release, form)]
    assert [song.shape[1] for song in songs] == [2, 2]
    expected = (4 * 44_100 + 1000 + 22_050, 4 * 44_100 + 1000)
    for song, frames in zip(songs, expected, strict=True):
        assert 0 <= len(song) - frames <= longer
    album = np.concatenate(songs)
    assert Meter(44_100, filter_class="DeMan").integrated_loudness(album) == pytest.approx(-14, abs=tolerance)
    assert true_peak_db(album) <= -1.0


@pytest.mark.parametrize("form", FORMAT_TITLES)
def test_tags_and_cover_read_back(release: Path, form: str) -> None:
    for number, path in enumerate(songs_in(release, form), start=1):
        title, artist, album, place, cover = read_back(path)
        assert (title, artist, album, place) == (
            f"Sång {number}/2: «Ash»?",
            "Die Alten (machine)",
            "Nächste",
            str(number),
        )
        assert cover.startswith(b"\xff\xd8")
        text = str(mutagen.File(path).tags).upper()
        assert "R128_ALBUM_GAIN" in text if form == "opus" else "REPLAYGAIN_ALBUM_GAIN" in text
        assert "NEURAL NETWORK" in text


def test_lossless_files_are_sixteen_bits_and_alike(release: Path) -> None:
    flac, wav = (soundfile.read(songs_in(release, form)[0], dtype="int16")[0] for form in ("flac", "wav"))
    assert np.array_equal(flac, wav)
    assert not flac[-20_000:].any()


def test_files_of_24_bits_are_alike_and_finer_than_those_of_16(release: Path) -> None:
    flac, wav, coarse = (
        soundfile.read(songs_in(release, form)[0], dtype="int32")[0] for form in ("flac24", "wav24", "flac")
    )
    assert soundfile.info(songs_in(release, "flac24")[0]).subtype == "PCM_24"
    assert np.array_equal(flac, wav)
    assert (flac & 0xFF00).any()
    assert np.abs(flac // 65536 - coarse // 65536).max() <= 2


def test_playlist_cue_and_page_name_every_song(release: Path) -> None:
    for form, folder in FORMAT_TITLES.items():
        playlist = (release / folder / "Nächste.m3u8").read_text("utf-8").splitlines()
        assert playlist[0] == "#EXTM3U"
        assert [line for line in playlist if not line.startswith("#")] == sorted(
            path.name for path in songs_in(release, form)
        )
    for form in ("flac", "wav", "flac24", "wav24"):
        cue = (release / FORMAT_TITLES[form] / "Nächste.cue").read_text("utf-8")
        assert cue.count("INDEX 01 00:00:00") == cue.count(f".{FORMATS[form].suffix}") == 2
    page = (release / "how it was made.html").read_text("utf-8")
    for said in ("Sång 1/2", "Früher", "Die Alten", "Old &lt;One&gt;", "sketch", "c0003", "epoch 3", "4.200 bits"):
        assert said in page
    assert "$" not in page.split("base64,")[0]
    assert page.count("<article>") == 2
    heard = [unquote(source) for source in re.findall(r'<audio [^>]*src="([^"]*)"', page)]
    assert len(heard) == 2
    assert all((release / source).is_file() and source.startswith("FLAC/") for source in heard)


def test_exports_at_once_get_a_place_each(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    done: list[Path] = []
    quick = set_formats(project, ["wav"])
    threads = [Thread(target=lambda: done.append(export_release(quick, folder, tmp_path))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    name = "Die Alten (machine) - Nächste"
    assert {path.name for path in done} == {name, f"{name} (2)", f"{name} (3)"} == {p.name for p in tmp_path.iterdir()}
    assert all(len(songs_of(path)) == 2 for path in done)


def test_a_second_export_leaves_the_first_alone(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made
    first = export_release(project, folder, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in first.iterdir()}
    second = export_release(project, folder, tmp_path)
    assert second.name == first.name + " (2)"
    assert {path.name: path.stat().st_mtime_ns for path in first.iterdir()} == before
    for path in first.glob("*.flac"):
        assert np.array_equal(soundfile.read(path)[0], soundfile.read(second / path.name)[0])


@pytest.mark.parametrize("at", [0.0, 0.1, 0.6, 0.8, 0.96])
def test_cancel_leaves_nothing(made: tuple[Project, Path], tmp_path: Path, at: float) -> None:
    project, folder = made
    reached = 0.0

    def report(fraction: float, doing: str) -> None:
        nonlocal reached
        reached = fraction

    with pytest.raises(CancelledError):
        export_release(project, folder, tmp_path / "out", report=report, cancelled=lambda: reached >= at)
    assert not list((tmp_path / "out").iterdir())


def test_a_killed_export_leaves_no_release_and_the_next_one_clears_up(
    made: tuple[Project, Path], tmp_path: Path
) -> None:
    project, folder = made
    save_project(folder, project)
    script = (
        "import sys, time; from pathlib import Path; from app.document.store import load_project;"
        "from app.studio.release.export import export_release;"
        "export_release(load_project(Path(sys.argv[1])), Path(sys.argv[1]), Path(sys.argv[2]),"
        " report=lambda *_: time.sleep(60) if list(Path(sys.argv[2]).glob('.*/*.flac')) else None)"
    )
    checkout = Path(__file__).parents[4]
    writer = subprocess.Popen([sys.executable, "-c", script, str(folder), str(tmp_path)], cwd=checkout)
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".*/*.flac")) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(tmp_path.glob(".*/*.flac"))

    first = export_release(project, folder, tmp_path)
    assert list(tmp_path.glob(".*/*.flac")), "a living export was cleared away"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    assert [path for path in tmp_path.iterdir() if not path.name.startswith(".")] == [first]

    second = export_release(project, folder, tmp_path)
    assert set(tmp_path.iterdir()) == {first, second}


def test_no_songs_no_room_no_sound_are_said_plainly(
    made: tuple[Project, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, folder = made
    with pytest.raises(UserError, match="no song"):
        export_release(add_song(Project()), folder, tmp_path)
    silent = project
    for lane in project.songs[0].lanes:
        silent = mute_lane(silent, lane.id, True)
    with pytest.raises(UserError, match="silent"):
        export_release(silent, folder, tmp_path)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
    with pytest.raises(UserError, match="MB free"):
        export_release(project, folder, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_to_look_at_before(made: tuple[Project, Path], tmp_path: Path) -> None:
    project, folder = made

    def said(project: Project, where: Path = folder) -> dict[str, str]:
        return {check.text: check.level for check in before_export(project, where, tmp_path)}

    good = said(project)
    assert good["every song has a title"] == "ok"
    assert good["2 songs, 0:09"] == "ok"
    assert good["songs 1, 2 are shorter than 30 s, which shops do not take"] == "look"
    assert any(text.endswith("needed") and level == "ok" for text, level in good.items())
    assert said(Project(songs=()))["there is no song yet"] == "bad"
    untitled = add_song(replace(project, songs=(replace(project.songs[0], title=""), project.songs[1])))
    assert said(untitled)["song 1 is without a title"] == "look"
    assert said(untitled)["song 3 is empty and left out"] == "look"
    muted = project
    for lane in project.songs[1].lanes:
        muted = mute_lane(muted, lane.id, True)
    assert said(muted)["song 2 is silent: every lane is muted"] == "bad"
    assert any("3 of the clips in use are missing" in text for text in said(project, tmp_path))
    assert said(set_gap(project, 0))["2 songs, 0:08"] == "ok"


def test_every_format_of_the_document_can_be_written() -> None:
    assert list(FORMATS) == list(FORMAT_TITLES)

"""Reads inputs of one sort as the program does: what `tests.endurance.damage` runs in a process of its own.

    python -m tests.endurance.reading SORT PLACE

For each path on the standard input one line on the standard output: "> taken", "> refused: why" or "> fault: what".
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from PIL import Image

from resources.errors import PlainError
from samplernn.guides.strokes import BANDS
from tests.app.conftest import RATE, add_checkpoints, build_project
from tests.endurance.saying import say

Read = Callable[[Path, Path], None]
"""Reads the first path, with a folder of its own to work in; raises a `PlainError` to refuse it."""


@dataclass(frozen=True)
class Sort:
    read: Read
    is_json: bool = False


def main() -> None:
    sort, place = SORTS[sys.argv[1]], Path(sys.argv[2])
    for folder in ("Sound.deepcuts", "Picture.deepcuts"):
        (place / folder).mkdir(parents=True, exist_ok=True)
    for line in sys.stdin:
        say("> " + _outcome(sort.read, Path(line.strip()), place))


def _outcome(read: Read, path: Path, place: Path) -> str:
    if path == Path("memory"):
        return f"taken: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    try:
        read(path, place)
    except PlainError as error:
        return f"refused: {error}"
    except BaseException:
        return "fault: " + " | ".join(traceback.format_exc().splitlines()[-4:])
    return "taken"


def _read_sound(path: Path, place: Path) -> None:
    """The damaged one beside a good one: the good one is always taken."""
    from app.studio.importing.album import import_album

    good = place / "good.flac"
    if not good.exists():
        soundfile.write(good, np.random.default_rng(1).normal(0, 0.1, RATE * 3), RATE)
    album = import_album([good, path], place / "Sound.deepcuts").album
    if not any(Path(track.path) == good for track in album.tracks):
        raise AssertionError("the good file was lost")


def _read_guide(path: Path, place: Path) -> None:
    """What plays along to it is finite and never too loud."""
    from app.studio.guides.bars import Bars
    from app.studio.guides.preview import noise_along
    from app.studio.guides.sources import guide_of_recording

    album = Bars(mean=np.linspace(-20, -50, BANDS).astype(np.float32), loudness=-25.0)
    sound = noise_along(guide_of_recording(path, 2.0, album), 2.0).samples
    if not np.isfinite(sound).all() or np.abs(sound).max() > 1:
        raise AssertionError("what plays along to it is no sound")


def _read_pattern(path: Path, place: Path) -> None:
    """As a guide."""
    from app.studio.guides.bars import Bars
    from app.studio.guides.pattern_guide import guide_of_pattern, pattern_of_file
    from app.studio.guides.preview import noise_along

    sound = noise_along(guide_of_pattern(pattern_of_file(path), 2.0, Bars()), 2.0).samples
    if not np.isfinite(sound).all() or np.abs(sound).max() > 1:
        raise AssertionError("what plays along to it is no sound")


def _read_picture(path: Path, place: Path) -> None:
    from app.studio.importing.album import import_pictures
    from artwork.pictures import open_picture

    import_pictures([path], place / "Picture.deepcuts", as_cover=True)
    open_picture(path, 256)


def _read_titles(path: Path, place: Path) -> None:
    from titles import TitleSettings, invent, read_titles

    invent(read_titles(path)[:200], 5, TitleSettings(order=2, by="letter", seed=1))


def _read_document(path: Path, place: Path) -> None:
    from app.document.store import load_project, save_project

    folder = _project(place)
    shutil.copy(path, folder / "project.json")
    project = load_project(folder)
    save_project(folder, project)
    if load_project(folder) != project:
        raise AssertionError("what was saved is another project")


def _read_sidecar(path: Path, place: Path) -> None:
    from app.jobs.recover import with_found
    from app.studio.generation.clip_files import found_clips

    _taken_in(path, place, "clips/c0007.json", lambda folder, project: with_found(project, ((), found_clips(folder))))


def _read_metadata(path: Path, place: Path) -> None:
    from app.jobs.recover import with_found
    from app.studio.training.train import found_runs

    place_of = "runs/run-1/checkpoints/epoch-0012.json"
    _taken_in(path, place, place_of, lambda folder, project: with_found(project, (found_runs(folder), ())))


def _taken_in(path: Path, place: Path, name: str, take_in: Callable[..., object]) -> None:
    """What is taken in can be saved, and opens again."""
    from app.document.model import Project
    from app.document.store import load_project, save_project

    folder = _project(place)
    if name.startswith("clips/"):
        shutil.copy(folder / "clips/c0001.flac", folder / "clips/c0007.flac")
    shutil.copy(path, folder / name)
    project = take_in(folder, load_project(folder))
    assert isinstance(project, Project)
    save_project(folder, project)
    if load_project(folder) != project:
        raise AssertionError("what was saved is another project")


def _read_checkpoint(path: Path, place: Path) -> None:
    from samplernn.checkpoint import load_checkpoint

    folder = _project(place)
    weights = folder / "runs/run-1/checkpoints/epoch-0001.safetensors"
    shutil.copy(path, weights)
    load_checkpoint(weights)


def _read_settings(path: Path, place: Path) -> None:
    from app.screens.window.settings import Memory

    memory = Memory(path, place)
    _ = memory.recent, memory.geometry
    memory.opened(place)
    again = Memory(path, place)
    _ = again.recent, again.geometry


def _read_cached_clip(path: Path, place: Path) -> None:
    from app.document.store import load_project
    from app.studio.audio.clip_sound import ClipSounds

    folder = _project(place)
    project = load_project(folder)
    clip = project.clips[0]
    whole = np.array(ClipSounds(folder, project.clips)[clip.id])
    (kept,) = (folder / "cache").glob(f"{clip.id}-*.npy")
    shutil.copy(path, kept)
    found = ClipSounds(folder, project.clips)[clip.id]
    if found.shape != whole.shape:
        raise AssertionError(f"{found.shape} instead of {whole.shape}")


def _project(place: Path) -> Path:
    """A fresh project; small files are linked, so that thousands of trials cost little."""
    template, folder = place / "Template.deepcuts", place / "Trial.deepcuts"
    if not template.exists():
        build_project(template)
        add_checkpoints(template, 1, 12)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


SORTS: dict[str, Sort] = {
    "document": Sort(_read_document, is_json=True),
    "sidecar": Sort(_read_sidecar, is_json=True),
    "card": Sort(_read_metadata, is_json=True),
    "settings": Sort(_read_settings, is_json=True),
    "checkpoint": Sort(_read_checkpoint),
    "cached-clip": Sort(_read_cached_clip),
    "titles": Sort(_read_titles),
    "picture": Sort(_read_picture),
    "sound": Sort(_read_sound),
    "guide": Sort(_read_guide),
    "pattern": Sort(_read_pattern),
}


def bases_of(sort: str, place: Path) -> list[Path]:
    """Whole inputs of the sort, to be damaged."""
    folder = place / "whole"
    folder.mkdir()
    project = folder / "Whole.deepcuts"
    match sort:
        case "document" | "sidecar" | "card" | "checkpoint" | "cached-clip":
            build_project(project)
            add_checkpoints(project, 1, 12)
            if sort == "cached-clip":
                from app.document.store import load_project
                from app.studio.audio.clip_sound import ClipSounds

                clips = load_project(project).clips
                ClipSounds(project, clips).prepare([clips[0].id])
                return list((project / "cache").glob("*.npy"))
            names = {
                "document": "project.json",
                "sidecar": "clips/c0001.json",
                "card": "runs/run-1/checkpoints/epoch-0012.json",
                "checkpoint": "runs/run-1/checkpoints/epoch-0001.safetensors",
            }
            return [project / names[sort]]
        case "settings":
            from app.screens.window.settings import Memory

            memory = Memory(folder / "window.json", folder)
            memory.opened(folder)
            memory.geometry = os.urandom(60)
            return [folder / "window.json"]
        case "titles":
            return [_titles(folder / f"titles{suffix}", suffix) for suffix in (".txt", ".csv", ".tsv")]
        case "picture":
            return [*_pictures(folder), *_shared("pictures", "cases/19-covers-not-found")]
        case "pattern":
            return _patterns(folder)
        case "guide":
            return [*_sounds(folder), *_odd_sounds(folder), *_shared("odd")]
    return [*_sounds(folder), *_shared("odd", "cases/05-tags-not-read", "cases/07-rest-of-the-file-lost")]


def _titles(path: Path, suffix: str) -> Path:
    lines = [
        f"{first} {second}" for first in ("Iron", "Hollow", "Cold", "Slow") for second in ("Harvest", "Room", "Rust")
    ]
    separator = "," if suffix == ".csv" else "\t"
    if suffix != ".txt":
        lines = ["title" + separator + "length", *(f"{line}{separator}3:42" for line in lines)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _pictures(folder: Path) -> list[Path]:
    noise = np.random.default_rng(2).integers(0, 256, (200, 300, 3), dtype=np.uint8)
    paths = [folder / f"picture.{ending}" for ending in ("png", "jpg", "webp", "gif", "bmp", "tiff", "jp2", "avif")]
    for path in paths:
        Image.fromarray(noise).save(path)
    return paths


def _sounds(folder: Path) -> list[Path]:
    noise = np.random.default_rng(3).normal(0, 0.1, (RATE * 2, 2))
    paths = [folder / f"sound.{ending}" for ending in ("wav", "flac", "ogg", "mp3", "aiff", "caf", "au", "w64")]
    for path in paths:
        soundfile.write(path, noise, 44_100 if path.suffix == ".mp3" else RATE)
    return paths


def _patterns(folder: Path) -> list[Path]:
    """A beat and a tune, as MIDI and as JSON."""
    from mido import Message, MidiFile, MidiTrack

    from app.document.pattern import Pattern, PatternEvent, encoded_pattern

    midi = MidiFile()
    track = MidiTrack()
    for step in range(64):
        track.append(Message("note_on", channel=9, note=36 if step % 2 else 42, velocity=90, time=120))
        track.append(Message("note_on", note=60 + step % 12, velocity=70))
        track.append(Message("note_off", note=60 + step % 12, time=100))
    midi.tracks.append(track)
    midi.save(folder / "beat.mid")
    events = [PatternEvent(at=step / 8, stroke="low") for step in range(8)]
    tune = Pattern(name="Tune", seconds=2.0, bpm=120.0, events=(*events, PatternEvent(at=0.5, pitch=60, seconds=1.0)))
    (folder / "beat.json").write_bytes(encoded_pattern(tune))
    return [folder / "beat.mid", folder / "beat.json"]


def _odd_sounds(folder: Path) -> list[Path]:
    """Sound of odd rates, channels and scales, and such as hardly is any."""
    noise = np.random.default_rng(4).normal(0, 0.1, RATE * 2)
    time = np.arange(RATE * 2) / RATE
    floats = {"loud": 1e4, "scale-16": 2**15, "scale-32": 2**31, "denormal": 1e-40}
    paths = {f"{name}.wav": (noise * scale, RATE) for name, scale in floats.items()}
    paths |= {f"{rate}.wav": (noise, rate) for rate in (1_000, 8_000, 192_000, 999_999)}
    paths |= {f"{channels}.wav": (np.stack([noise] * channels, axis=1), RATE) for channels in (2, 8, 32)}
    paths["sine.wav"] = np.sin(2 * np.pi * 440 * time), RATE
    paths["square.wav"] = np.sign(np.sin(2 * np.pi * 100 * time)), RATE
    paths["direct-current.wav"] = np.ones(RATE * 2), RATE
    paths["click.wav"] = (np.arange(RATE * 2) == RATE).astype(float), RATE
    for name, (sound, rate) in paths.items():
        soundfile.write(folder / name, sound, rate, subtype="FLOAT")
    return [folder / name for name in paths]


def _shared(*folders: str) -> list[Path]:
    """Real files, where they are."""
    shared = Path(os.environ.get("DEEPCUTS_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    files = [path for folder in folders for path in sorted((shared / folder).rglob("*")) if path.is_file()]
    return [path for path in files if path.stat().st_size < 2 * 2**20 and path.suffix not in (".txt", ".md")]


if __name__ == "__main__":
    main()

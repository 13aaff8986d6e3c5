"""What is known of a project, a checkpoint or a sound file."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.document.errors import UserError
from app.document.folder_check import files_in
from app.document.model import Project, Run
from app.document.store import ProjectFolder, load_project
from app.shell.duration import say_duration
from resources.progress import Cancelled, Report
from samplernn.errors import SoundError

_BITS = ("held_out_bits", "last_held_out_bits", "linear32_bits", "bigram_bits", "order0_bits")

Facts = dict[str, Any]


def facts_of(path: Path, report: Report, cancelled: Cancelled) -> Facts:
    """Plain values that JSON can hold; `kind` says of what.

    Raises:
        UserError, SoundError: where it is neither, or damaged.
    """
    if ProjectFolder(path).document.is_file() or path.suffix == ".deepcuts":
        return _project_facts(load_project(path), ProjectFolder(path), report, cancelled)
    if path.is_dir():
        raise UserError(f"“{path}” is not a Deep Cuts project.", "Name one, or a checkpoint, or a sound file.")
    from samplernn.file_info import describe

    return describe(path, cancelled)


def _project_facts(project: Project, folder: ProjectFolder, report: Report, cancelled: Cancelled) -> Facts:
    from app.studio.training.train import found_runs, with_found_runs

    project = with_found_runs(project, found_runs(folder.path))
    album = project.album
    newest = project.runs[-1] if project.runs else None
    return {
        "kind": "project",
        "name": project.name,
        "artist": album.artist,
        "album": album.title,
        "tracks": len(album.tracks),
        "album_seconds": round(sum(track.seconds for track in album.tracks if track.on), 1),
        "run": newest.id if newest else None,
        "preset": newest.preset if newest else None,
        "epochs": newest.epoch if newest else 0,
        "best_epoch": newest.best_epoch if newest else 0,
        "held_out_bits": _rounded(newest.best_bits if newest else None),
        "last_held_out_bits": _rounded(newest.held_out_bits if newest else None),
        **_baseline_bits(folder, newest, report, cancelled),
        "runs": len(project.runs),
        "finish": project.release.finish,
        "finish_learnt": _learnt(folder.path),
        "clips": len(project.clips),
        "clip_seconds": round(sum(clip.seconds for clip in project.clips), 1),
        "songs": len(project.songs),
        "titles": len(project.titles),
        "covers": len(project.covers),
        "disk_bytes": _disk_use(folder),
    }


def _learnt(place: Path) -> list[str] | None:
    """What the album taught; null where it was not learnt yet."""
    from app.studio.finish.chosen import learnt_finish

    finish = learnt_finish(place)
    if finish is None:
        return None
    return [name for name, has in (("air", finish.has_air), ("width", finish.has_width)) if has]


def _rounded(bits: float | None) -> float | None:
    return None if bits is None else round(bits, 4)


def _baseline_bits(folder: ProjectFolder, run: Run | None, report: Report, cancelled: Cancelled) -> Facts:
    """The lines that the model has to beat, on its own held-out samples."""
    from app.studio.training.instrument import run_preset, simple_bits

    preset = None if run is None else run_preset(folder.path, run.id)
    report(0.0, "Measuring what simple predictors make of the held-out music")
    with suppress(SoundError):  # not prepared, or no longer
        if preset is not None:
            return {**simple_bits(folder.path, preset, cancelled)}
    return dict.fromkeys(("order0_bits", "bigram_bits", "linear32_bits"))


def _disk_use(folder: ProjectFolder) -> dict[str, int]:
    parts = ("album", "dataset", "runs", "clips", "artwork", "releases", "taken-out", "cache")
    return {part: _size(folder.path / part) for part in parts}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in files_in(folder))


def in_words(facts: Facts) -> str:
    """The facts for a person, a line each."""
    return "\n".join(f"{name.replace('_', ' '):20} {_value_in_words(name, value)}" for name, value in facts.items())


def _value_in_words(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if name in _BITS:
        return f"{value:.3f}"
    if name.endswith("seconds"):
        return say_duration(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{part} {size / 1e6:.1f} MB" for part, size in value.items() if size) or "–"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return str(value)

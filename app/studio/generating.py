"""New clips from the checkpoints of a project."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.document.errors import UserError
from app.document.model import Clip, Project
from app.document.store import ProjectFolder
from app.studio.progress import between
from samplernn.dataset import Dataset
from samplernn.errors import SoundError
from samplernn.files import read_json, replacing
from samplernn.prime import Prime
from samplernn.progress import Cancelled, Report, never, no_report
from samplernn.steering import USUAL, Steering

__all__ = ["USUAL", "Steering", "found_clips", "generate_clips", "generate_in_groups"]

_AT_ONCE = 200
"""Clips; some systems let a program open no more than 256 files."""
_PROCESS = secrets.token_hex(8)
"""Tells what this process holds from what one that was killed has left."""


def generate_clips(
    project: Project,
    folder: Path,
    *,
    run: str,
    epoch: int,
    count: int,
    seconds: float,
    steering: Steering = USUAL,
    seed: int = 0,
    prime: Path | None = None,
    device: str = "auto",
    preview: bool = False,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> tuple[Clip, ...]:
    """Makes `count` clips at once, with the seeds `seed`, `seed` + 1 and so on.

    Args:
        prime: music that the clips go on from, at the level of the album.

    Raises:
        UserError: the checkpoint is gone, or the clips cannot be kept.
        SoundError: the checkpoint or the prime cannot be used, or a setting is out of range.
        concurrent.futures.CancelledError: once `cancelled()`; no clip is left behind.
    """
    from samplernn.generate import generate_to_files

    place = ProjectFolder(folder)
    checkpoint = place.runs / run / "checkpoints" / f"epoch-{epoch:04}.safetensors"
    if not checkpoint.is_file():
        raise UserError(f"There is no checkpoint of epoch {epoch} any more.", "Choose another one, or train again.")
    names = _reserve(project, place, count)
    try:
        with _one_thread():
            generate_to_files(
                checkpoint,
                place.clips,
                names,
                seconds=seconds,
                seeds=range(seed, seed + count),
                steering=steering,
                prime=None if prime is None else Prime(prime, _gain_of_album(place)),
                device=device,
                report=report,
                cancelled=cancelled,
            )
        if preview:
            for name in names:
                _mark_as_preview(place.clips / f"{name}.json")
    except BaseException:
        for name in names:
            for suffix in ("flac", "json"):
                (place.clips / f"{name}.{suffix}").unlink(missing_ok=True)
        raise
    finally:
        _release(place, names)
    made = (_clip(place, name) for name in names)
    return tuple(clip for clip in made if clip is not None)


def generate_in_groups(
    project: Project,
    folder: Path,
    *,
    run: str,
    epoch: int,
    count: int,
    seconds: float,
    steering: Steering = USUAL,
    seed: int = 0,
    prime: Path | None = None,
    device: str = "auto",
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Iterator[tuple[Clip, ...]]:
    """As `generate_clips`, but any number of them: some hundred at a time, each of which is an open file.

    Raises:
        concurrent.futures.CancelledError: once `cancelled()`; the groups that were yielded stay.
    """
    for done in range(0, count, _AT_ONCE):
        now = min(_AT_ONCE, count - done)
        yield generate_clips(
            project,
            folder,
            run=run,
            epoch=epoch,
            count=now,
            seconds=seconds,
            steering=steering,
            seed=seed + done,
            prime=prime,
            device=device,
            report=between(report, done / count, (done + now) / count),
            cancelled=cancelled,
        )


def _gain_of_album(place: ProjectFolder) -> float:
    """What the model's music was multiplied by; 1 where the dataset is gone."""
    try:
        return Dataset.open(place.dataset).gain
    except SoundError:
        return 1.0


@contextmanager
def _one_thread() -> Iterator[None]:
    """Lets this thread compute alone: the products of one sample are so small that sharing them costs more than it
    brings, and much more where another job keeps the other cores busy. Threads that compute already are not touched.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def found_clips(folder: Path) -> tuple[Clip, ...]:
    """The clips that lie in the project's folder as their sidecars tell them, by number.

    With `app.document.edits.made.add_clips` none is lost that was made just before the program was killed.
    """
    place = ProjectFolder(folder)
    names = sorted(path.stem for path in place.clips.glob("c*.json") if path.stem[1:].isdecimal())
    found = (_clip(place, name) for name in names)
    return tuple(clip for clip in found if clip is not None)


def _reserve(project: Project, place: ProjectFolder, count: int) -> list[str]:
    """Ids after all that the document has and all that the disk has ever kept, held until `_release`.

    Two batches that are made at the same time, even by two programs, never get the same.
    """
    try:
        place.clips.mkdir(parents=True, exist_ok=True)
        _clear_away(place)
        known = [clip.id for clip in project.clips]
        known += [path.name.removeprefix(".").split(".")[0] for path in place.clips.iterdir()]
        number = max((int(name[1:]) for name in known if name[:1] == "c" and name[1:].isdecimal()), default=0)
        names: list[str] = []
        while len(names) < count:
            number += 1
            name = f"c{number:04}"
            try:
                with _hold(place, name).open("x", encoding="ascii") as hold:
                    hold.write(_PROCESS)
            except FileExistsError:
                continue
            names.append(name)
    except OSError as error:
        raise UserError(f"The clips cannot be kept: {error.strerror}.", "Free some space.") from error
    return names


def _clear_away(place: ProjectFolder) -> None:
    """Removes what was left by a program that was killed while it made clips; whole clips stay.

    Only one program has a project open, so whatever another process holds, it holds no more.
    """
    for hold in place.clips.glob(".c*.held"):
        name = hold.name.removeprefix(".").removesuffix(".held")
        try:
            holder = hold.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:  # another thread has just released it
            continue
        if holder in ("", _PROCESS) or not name[1:].isdecimal():
            continue
        left = [*place.clips.glob(f".{name}.*.part"), hold]
        if not (place.clips / f"{name}.json").exists():
            left.append(place.clips / f"{name}.flac")
        for path in left:
            path.unlink(missing_ok=True)


def _release(place: ProjectFolder, names: Sequence[str]) -> None:
    for name in names:
        _hold(place, name).unlink(missing_ok=True)


def _hold(place: ProjectFolder, name: str) -> Path:
    return place.clips / f".{name}.held"


def _mark_as_preview(sidecar: Path) -> None:
    facts = read_json(sidecar)
    with replacing(sidecar) as fresh:
        fresh.write_text(json.dumps({**facts, "preview": True}, indent=1), encoding="utf-8")


def _clip(place: ProjectFolder, name: str) -> Clip | None:
    """What the sidecar says; None where it is damaged or has no sound."""
    sound = place.clips / f"{name}.flac"
    try:
        raw = read_json(sound.with_suffix(".json"))
        if not sound.is_file():
            return None
        rate = int(raw["rate"])
        return Clip(
            id=name,
            run=str(raw["run"]),
            epoch=int(raw["epoch"]),
            file=sound.relative_to(place.path).as_posix(),
            rate=rate,
            samples=round(float(raw["seconds"]) * rate),
            seed=int(raw["seed"]),
            temperature=float(raw["temperature"]),
            preview=bool(raw.get("preview", False)),
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None

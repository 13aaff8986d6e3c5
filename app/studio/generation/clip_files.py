"""The files of clips in a project's folder: names for new ones, and what their sidecars tell."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.document.checking import fits, stays_inside
from app.document.errors import UserError
from app.document.model import Clip, Project, Tempo
from app.document.names import clean_name
from app.document.numbering import number_of
from app.document.store import ProjectFolder
from app.document.unfinished import HELD
from resources.files import make_folder, read_whole
from samplernn.generation.clip_sidecar import GUIDE_SUFFIX, ClipSidecar

_LARGEST_HOLD = 1_000
_LONGEST_WORD = 200
"""Letters, as `app.document.model.Word` has it."""
_PROCESS = secrets.token_hex(8)
"""Written into reserved names, to tell those of this process from those that a killed one has left."""


@contextmanager
def new_clips(project: Project, place: ProjectFolder, count: int) -> Iterator[list[str]]:
    """Reserves the ids of new clips, whose files are to be written inside; on an exception no file is left.

    The ids come after all that the document has and all that the disk has ever kept. Two batches that are made at the
    same time, even by two programs, never get the same.

    Raises:
        UserError: the clips cannot be kept.
    """
    names = _reserve(project, place, count)
    try:
        yield names
    except BaseException:
        remove_files(place, names)
        raise
    finally:
        for name in names:
            _hold(place, name).unlink(missing_ok=True)


def remove_files(place: ProjectFolder, names: Iterable[str]) -> None:
    """Removes the files of clips that no document has taken in."""
    for name in names:
        for suffix in (".flac", ".json", GUIDE_SUFFIX):
            (place.clips / f"{name}{suffix}").unlink(missing_ok=True)


def read_clip(place: ProjectFolder, name: str) -> Clip | None:
    """The clip as its sidecar tells it; None where that is damaged or there is no sound."""
    sound = place.clips / f"{name}.flac"
    try:
        sidecar = ClipSidecar.read(sound.with_suffix(".json"))
        if not sound.is_file():
            return None
        clip = Clip(
            id=name,
            run=sidecar.run,
            epoch=sidecar.epoch,
            file=sound.relative_to(place.path).as_posix(),
            rate=sidecar.rate,
            samples=round(sidecar.seconds * sidecar.rate),
            seed=sidecar.seed,
            temperature=sidecar.temperature,
            preview=sidecar.preview,
            early=sidecar.early,
            guide=clean_name(sidecar.guide),
            manner=clean_name(sidecar.manner)[:_LONGEST_WORD],
            tempo=Tempo(bpm=sidecar.bpm, first_beat=sidecar.first_bar) if sidecar.bpm is not None else None,
        )
    except (OSError, ValueError, OverflowError):
        return None
    return clip if fits(clip) and stays_inside(clip.run) else None


def read_clips(place: ProjectFolder, names: Iterable[str]) -> tuple[Clip, ...]:
    """The clips of these names, without those that `read_clip` cannot read."""
    read = (read_clip(place, name) for name in names)
    return tuple(clip for clip in read if clip is not None)


def found_clips(folder: Path) -> tuple[Clip, ...]:
    """All clips whose files lie in the project's folder, by number.

    With `app.document.edits.made.add_clips` none is lost that was made just before the program was killed.
    """
    place = ProjectFolder(folder)
    names = (path.stem for path in place.clips.glob("c*.json") if path.stem[1:].isdecimal())
    return read_clips(place, sorted(names, key=lambda name: int(name[1:])))


def _reserve(project: Project, place: ProjectFolder, count: int) -> list[str]:
    """Ids that stay reserved until the files of `_hold` are removed."""
    try:
        make_folder(place.clips)
        clear_away(place)
        known = [clip.id for clip in project.clips]
        known += [path.name.removeprefix(".").split(".")[0] for path in place.clips.iterdir()]
        number = max((number_of(name) for name in known if name[:1] == "c"), default=0)
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
        raise UserError.from_os_error("The clips cannot be kept", error) from error
    return names


def clear_away(place: ProjectFolder) -> None:
    """Removes what was left by a program that was killed while it made clips; whole clips stay.

    Only one program has a project open, so whatever another process holds, it holds no more.
    """
    for hold in place.clips.glob(f".c*{HELD}"):
        name = hold.name.removeprefix(".").removesuffix(HELD)
        try:
            holder = read_whole(hold, _LARGEST_HOLD).decode("ascii", "replace")
        except (OSError, ValueError):  # another thread has just released it, or it is none of ours
            continue
        if holder in ("", _PROCESS) or not name[1:].isdecimal():
            continue
        left = [*place.clips.glob(f".{name}.*.part"), hold]
        if not (place.clips / f"{name}.json").exists():
            left += [place.clips / f"{name}{suffix}" for suffix in (".flac", GUIDE_SUFFIX)]
        for path in left:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _hold(place: ProjectFolder, name: str) -> Path:
    return place.clips / f".{name}{HELD}"

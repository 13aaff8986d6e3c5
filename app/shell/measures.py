"""What is measured of the clips of a project, as a table or as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.document.clip_names import clip_name
from app.document.model import Clip
from app.document.store import load_project
from app.shell.duration import say_duration
from app.studio.measures.measured import ClipMeasures, CopiedStretch, MeasuredSection
from resources.errors import PlainError
from resources.progress import Cancelled, Report, between

Row = dict[str, Any]


def measures_of_clips(folder: Path, report: Report, cancelled: Cancelled, *, with_bits: bool = False) -> list[Row]:
    """A row of plain values for each clip that is not rejected, those that are close, new and moving first.

    Args:
        with_bits: the model of each clip is asked how likely it is.

    Raises:
        UserError, SoundError: there is no such project, its album was not prepared, or a checkpoint is gone.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    from app.studio.measures.album import album_reference
    from app.studio.measures.kept import measures_of_clip
    from app.studio.measures.likelihood import clip_with_bits
    from app.studio.measures.taste import hints_of

    project = load_project(folder)
    clips = [clip for clip in project.clips if not clip.rejected]
    album = album_reference(folder, between(report, 0.0, 0.3), cancelled)
    known: dict[str, ClipMeasures] = {}
    problems: dict[str, str] = {}
    for number, clip in enumerate(project.clips):
        report(0.3 + 0.7 * number / len(project.clips), f"Measuring clip {number + 1} of {len(project.clips)}")
        try:
            known[clip.id] = measures_of_clip(folder, clip, album, cancelled)
            if with_bits:
                known[clip.id] = clip_with_bits(folder, clip, known[clip.id], cancelled=cancelled)
        except PlainError as error:
            problems[clip.id] = str(error)
    hints = hints_of(project.clips, known)
    tracks = {track.path: track.title for track in project.album.tracks}
    rows = [
        _row(clip, known.get(clip.id, ClipMeasures()), hints.get(clip.id), tracks) | _problem(problems.get(clip.id))
        for clip in clips
    ]
    return sorted(rows, key=lambda row: -float(row["score"]))


def _problem(why: str | None) -> Row:
    return {} if why is None else {"problem": why}


def _row(clip: Clip, measures: ClipMeasures, hint: float | None, tracks: dict[str, str]) -> Row:
    stuck = measures.stuck
    return {
        "clip": clip.id,
        "name": clip_name(clip),
        "file": clip.file,
        "seconds": round(clip.seconds, 1),
        "stars": clip.stars,
        "score": round(measures.score, 4),
        "close": round(measures.closeness, 3),
        "new": round(measures.newness, 3),
        "moving": round(measures.moving, 3),
        "pulse": round(measures.pulse, 3),
        "drift": None if measures.drift is None else round(measures.drift, 2),
        "hint": None if hint is None else round(hint, 3),
        "stuck": None if stuck is None else {"in": stuck.kind, "from": stuck.from_seconds, "to": stuck.to_seconds},
        "copied": _copied(measures.copied, tracks),
        "sections": [_section(section, tracks) for section in measures.sections],
    }


def _section(section: MeasuredSection, tracks: dict[str, str]) -> Row:
    return {
        "start": round(section.start_seconds, 2),
        "seconds": round(section.seconds, 2),
        "close": round(section.closeness, 3),
        "new": round(section.newness, 3),
        "moving": round(section.moving, 3),
        "pulse": round(section.pulse, 3),
        "tempo": None if section.tempo is None else round(section.tempo, 1),
        "loudness": round(section.loudness, 1),
        "brightness": round(section.brightness),
        "dc": round(section.dc, 5),
        "bits": None if section.bits is None else round(section.bits, 4),
        "copied": _copied(section.copied, tracks),
    }


def _copied(stretch: CopiedStretch | None, tracks: dict[str, str]) -> Row | None:
    if stretch is None:
        return None
    return {
        "track": tracks.get(stretch.track, Path(stretch.track).name),
        "track_seconds": round(stretch.track_seconds, 1),
        "clip_seconds": round(stretch.clip_seconds, 1),
        "seconds": round(stretch.seconds, 1),
    }


def measures_in_words(rows: Sequence[Row]) -> str:
    """The table for a person, a line for each clip."""
    head = f"{'clip':>12} {'length':>8} {'close':>6} {'new':>5} {'moving':>7} {'pulse':>6}  remarks"
    return "\n".join([head, *(_line(row) for row in rows)])


def _line(row: Row) -> str:
    figures = f"{row['close']:6.0%} {row['new']:5.0%} {row['moving']:7.0%} {row['pulse']:6.2f}"
    remarks = []
    if row["stars"]:
        remarks.append("★" * row["stars"])
    if row["stuck"] is not None:
        remarks.append(f"stuck in {_A[row['stuck']['in']]} from {say_duration(row['stuck']['from'])}")
    if row["copied"] is not None:
        remarks.append(f"copies “{row['copied']['track']}” for {row['copied']['seconds']:.0f} s")
    if row["hint"] is not None and row["hint"] > _LIKELY:
        remarks.append("like what you starred")
    if "problem" in row:
        remarks.append(row["problem"])
    return f"{row['name']:>12} {say_duration(row['seconds']):>8} {figures}  {', '.join(remarks)}".rstrip()


_A = {"silence": "silence", "hum": "a hum", "noise": "noise", "loop": "a loop"}
_LIKELY = 0.7

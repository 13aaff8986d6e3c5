"""What a person may choose by a word: a checkpoint, file formats, a curve of temperatures."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast, get_args

from app.document.errors import UserError
from app.document.guide_choice import NO_GUIDE, Fineness, GuideChoice, GuideParts, is_pattern_file
from app.document.guide_form import DRAWN_FORM, GuideForm, parsed_parts
from app.document.model import FASTEST_BPM, FORMAT_TITLES, SLOWEST_BPM, FinishChoice, Project
from app.document.song_part import part_named
from app.document.studio_form import StudioForm
from app.shell.paths import path_named


def parse_formats(text: str) -> tuple[str, ...]:
    """File formats from "flac,mp3".

    Raises:
        UserError: where one is not known, or there are none.
    """
    wanted = tuple(word.strip().lower() for word in text.split(",") if word.strip())
    unknown = [word for word in wanted if word not in FORMAT_TITLES]
    if unknown or not wanted:
        raise UserError(
            f"“{unknown[0] if unknown else text}” is not a format.", f"Choose from {', '.join(FORMAT_TITLES)}."
        )
    return wanted


def parse_finish(text: str) -> FinishChoice:
    """What is put on clips: album, air or made.

    Raises:
        UserError: where it is none of these.
    """
    known = next((each for each in get_args(FinishChoice) if each == text.strip().lower()), None)
    if known is None:
        raise UserError(f"“{text}” is not a finish.", f"Choose from {', '.join(get_args(FinishChoice))}.")
    return cast(FinishChoice, known)


def parse_form(text: str) -> StudioForm:
    """How songs are handed over to a studio: stems, dawproject or reaper.

    Raises:
        UserError: where it is none of these.
    """
    forms = get_args(StudioForm)
    known = next((each for each in forms if each == text.strip().lower()), None)
    if known is None:
        raise UserError(f"“{text}” is no way to hand songs over.", f"Choose from {', '.join(forms)}.")
    return cast(StudioForm, known)


def chosen_checkpoint(project: Project, wanted: str) -> tuple[str, int]:
    """The run and epoch of "last", "best" or an epoch's number in the newest run that has any.

    Raises:
        UserError: where there is no such checkpoint.
    """
    runs = [run for run in project.runs if run.epoch]
    if not runs:
        raise UserError("This project has learnt nothing yet.", "Train it first: deepcuts train.")
    run = runs[-1]
    named = {"last": run.epoch, "best": run.best_or_newest}
    if wanted in named:
        return run.id, named[wanted]
    if re.fullmatch(r"\d{1,7}", wanted) and 1 <= int(wanted) <= run.epoch:
        return run.id, int(wanted)
    raise UserError(f"There is no checkpoint “{wanted}”.", f"Choose last, best or 1 to {run.epoch}.")


def guide_form(parts: str | None, bpm: float | None) -> GuideForm:
    """The form that is cut from bars, from words such as "intro A B A end" and a tempo; None for what is to be drawn.

    Raises:
        UserError: where a word is no part, or the tempo is none.
    """
    named = () if parts is None else parsed_parts(parts)
    try:
        return GuideForm(named, bpm)
    except ValueError:
        raise UserError(
            f"{bpm} beats a minute is no tempo.", f"Choose one from {SLOWEST_BPM:.0f} to {FASTEST_BPM:.0f}."
        ) from None


def guide_choice(text: str, follow: float, project: Project | None = None, form: GuideForm = DRAWN_FORM) -> GuideChoice:
    """What clips are to play along to, from "album", "dream", "none", the path of a sound or MIDI file, or the name
    of part of a song of the project: see `app.document.song_part.part_named`.

    Raises:
        UserError: where it is none of these, or it has no form that could be chosen.
    """
    if text == "album":
        return GuideChoice("album", follow=follow, form=form)
    if text == "dream":
        return GuideChoice("dream", follow=follow, form=form)
    if form != DRAWN_FORM:
        raise UserError(
            "Only what is cut from bars has a form and a tempo that are chosen.", "Use --guide album or --guide dream."
        )
    if text == "none":
        return NO_GUIDE
    path = path_named(text)
    part = None if project is None or path.exists() else part_named(project, text)
    if part is not None:
        return GuideChoice("song", follow=follow, part=part)
    if not path.exists() and not path.suffix and path.name == text:
        raise UserError(
            f"“{text}” is neither a file nor a song of the project.",
            "Name a file, a song, or a section of one as “Song 2, section 3”.",
        )
    if is_pattern_file(path):
        return GuideChoice("pattern", follow=follow, pattern=path)
    return GuideChoice("recording", path, follow)


def heeding(choice: GuideChoice, heed: str, fineness: str, *, in_a_row: bool = False) -> GuideChoice:
    """The choice with what of the guide is followed, how fine its notes are, and whether bars of the album may follow
    each other as they do there.

    Raises:
        UserError: where what is followed, or how fine, is not known.
    """
    for word, known in ((heed, get_args(GuideParts)), (fineness, get_args(Fineness))):
        if word not in known:
            raise UserError(f"“{word}” is not how a guide is followed.", f"Choose from {', '.join(known)}.")
    return replace(choice, heed=cast(GuideParts, heed), fineness=cast(Fineness, fineness), in_a_row=in_a_row)


def temperature_curve(text: str) -> float | tuple[tuple[float, float], ...]:
    """A number from "0.95", or points (seconds, temperature) from "0:0.9,20:1.1,30:0.9".

    Raises:
        UserError: where it is neither.
    """
    try:
        if ":" not in text:
            return float(text)
        points = (point.split(":") for point in text.split(","))
        return tuple((float(seconds), float(value)) for seconds, value in points)
    except ValueError:
        raise UserError(
            f"“{text}” is not a temperature.", "Write a number such as 0.95, or a curve such as 0:0.9,20:1.1,30:0.9."
        ) from None

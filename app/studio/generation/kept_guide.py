"""What the guide of a clip was made from, noted beside the clip, and the guide made from that again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.document.checking import stays_inside
from app.document.errors import UserError
from app.document.guide_choice import Fineness, GuideChoice, GuideParts, GuideSource
from app.document.guide_form import DRAWN_FORM, MOST_PARTS, PART_NAMES, GuideForm
from app.document.guide_touches import MOST_TOUCHES, Touches
from app.document.model import FASTEST_BPM, LONGEST_SONG, SLOWEST_BPM
from app.document.pattern import Pattern
from app.document.song_part import SongPart
from app.document.store import ProjectFolder
from app.studio.guides.pattern_guide import pattern_of_file
from resources.progress import Cancelled, Report, never, no_report
from samplernn.generation.clip_sidecar import note_for_again

if TYPE_CHECKING:
    from samplernn.guides.guide import Guide


class KeptGuide(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A `GuideChoice` as JSON has it, and the seed of the guide."""

    source: GuideSource
    seed: int
    follow: float = 1.0
    recording: str = ""
    """Absolute path; in what a release tells, within the project, or the name of a file elsewhere."""
    pattern: Pattern | None = None
    part: SongPart | None = None
    form: GuideForm = DRAWN_FORM
    heed: GuideParts = "both"
    fineness: Fineness = "fine"
    in_a_row: bool = False
    touches: Touches = ()


def note_guide(sidecar: Path, choice: GuideChoice, seed: int) -> None:
    """Adds to the sidecar of a clip what its guide was made from.

    Raises:
        UserError: it cannot be kept, or the file of a pattern is none.
    """
    pattern = pattern_of_file(choice.pattern) if isinstance(choice.pattern, Path) else choice.pattern
    kept = KeptGuide(
        source=choice.source,
        seed=seed,
        follow=choice.follow,
        recording=str(choice.recording.absolute()) if choice.recording is not None else "",
        pattern=pattern,
        part=choice.part,
        form=choice.form,
        heed=choice.heed,
        fineness=choice.fineness,
        in_a_row=choice.in_a_row,
        touches=choice.touches,
    )
    try:
        note_for_again(sidecar, guide=msgspec.to_builtins(kept))
    except (OSError, ValueError) as error:
        raise UserError("What the clip plays along to could not be noted.", "Try it again.") from error


def kept_guide(facts: Any) -> KeptGuide:
    """What `note_guide` has noted, from the builtins that JSON gives; a stranger may have written them.

    Raises:
        ValueError: it is damaged, or names files outside of the project.
    """
    kept = msgspec.convert(facts, KeptGuide)
    form, part = kept.form, kept.part
    if not 0.0 <= kept.follow <= 1.0 or kept.seed < 0 or len(kept.touches) > MOST_TOUCHES:
        raise ValueError("no guide is like this")
    if not set(form.parts) <= set(PART_NAMES) or len(form.parts) > MOST_PARTS:
        raise ValueError("the parts are none")
    if form.bpm is not None and not SLOWEST_BPM <= form.bpm <= FASTEST_BPM:
        raise ValueError("the tempo is none")
    if part is not None:
        if not (0 <= part.start <= LONGEST_SONG and 0 <= part.frames <= LONGEST_SONG):
            raise ValueError("no song is so long")
        if not all(stays_inside(name) for clip in part.clips for name in (clip.id, clip.file)):
            raise ValueError("it names files outside of the project")
    return kept


def guide_again(
    place: ProjectFolder, kept: KeptGuide, seconds: float, report: Report = no_report, cancelled: Cancelled = never
) -> tuple[Guide, ...]:
    """The one guide, made again; none where the album has too few bars.

    Raises:
        UserError, SoundError, CancelledError: as `app.studio.guides.sources.guides_for`.
    """
    from app.studio.guides.sources import guides_for

    choice = GuideChoice(
        kept.source,
        Path(kept.recording) if kept.recording else None,
        kept.follow,
        kept.part,
        kept.pattern,
        kept.form,
        kept.heed,
        kept.fineness,
        kept.in_a_row,
        kept.touches,
    )
    return guides_for(place, choice, seconds, [kept.seed], report, cancelled)

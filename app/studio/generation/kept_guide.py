"""What the guide of a clip was made from, noted beside the clip, and the guide made from that again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.document.errors import UserError
from app.document.guide_choice import Fineness, GuideChoice, GuideParts, GuideSource
from app.document.guide_form import DRAWN_FORM, GuideForm
from app.document.guide_touches import Touches
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
    """Absolute path."""
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
    """What `note_guide` has noted, from the builtins that JSON gives.

    Raises:
        ValueError: it is damaged.
    """
    return msgspec.convert(facts, KeptGuide)


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

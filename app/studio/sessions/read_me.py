"""What lies beside stems and sessions in plain words, for whoever gets them."""

from __future__ import annotations

from collections.abc import Sequence

from app.document.studio_form import StudioForm
from app.studio.sessions.stems import AS_MIXED, MUTED, UNTOUCHED

_TOLD: dict[StudioForm, str] = {
    "stems": f"""Stems of each song: WAV, 24 bits, 44.1 kHz, all from the start of the song.

“{AS_MIXED}”: each lane with its fades, gain and pan. Added up, sample by sample and without any gain, they are
the WAV of the song beside them, to the last bit. Lanes that are muted (or not soloed) are in “{MUTED}”, and are no
part of the song.

“{UNTOUCHED}”: each lane without fades, gain and pan. Where sections lie over each other, they go into files of
their own.
""",
    "dawproject": """A DAWproject for each song, with all sound inside: for Bitwig Studio, Studio One and Cubase.

Lanes are tracks; sections are clips that can be drawn longer. A section's own gain and pan are expressions of its
clip: a program that does not read those plays it at the gain and pan of the lane. Fades have their lengths; the
curve that was chosen stands in the comment of the clip.
""",
    "reaper": """A Reaper project for each song, in a folder with its wave files: keep them together.

Lanes are tracks; sections are items that can be drawn longer. Pans are written for a pan law of 0 dB, which the
project sets. Round fades are the nearest curve that Reaper has.
""",
}
_NOT_MASTERED = "Nothing here is mastered: the loudness and the limiter of the album come after the mix."


def read_me(form: StudioForm, notes: Sequence[str]) -> str:
    """The text of the file; `notes` are what to know of these songs, in sentences."""
    return "\n".join([_TOLD[form], _NOT_MASTERED, *notes, ""])

"""What guides are called where one is chosen, and what is said under their names."""

from __future__ import annotations

from app.document.guide_choice import GuideSource
from app.document.song_part import PartKind

SOURCES: dict[GuideSource, tuple[str, str]] = {
    "none": ("Nothing", "wander freely, as in 2018"),
    "dream": ("A dream", "new bars, from what was learnt of the album’s"),
    "album": ("The album, cut anew", "its own bars in another order"),
    "recording": ("A recording…", "a drum loop, your playing, your voice: any file"),
    "pattern": ("A riff or a beat…", "MIDI, or draw it, or tap it"),
    "song": ("The chosen section", "choose one on the timeline first"),
}
"""Each with the words under its name, in the order in which they are offered."""
PARTS: dict[PartKind, tuple[str, str]] = {
    "sections": ("The chosen section", "play that again, in other sound"),
    "lanes": ("The other lanes", "play along to what they play meanwhile"),
    "song": ("The whole song", "play it again, in other sound"),
}
"""Of parts of a song, by their kind."""
OF_ALBUM: dict[GuideSource, str] = {
    "dream": " · of the first clip: each gets a dream of its own",
    "album": " · of the first clip: each gets an order of its own",
}
"""Guides that are made from the album for each clip: what is said under the picture of one."""

"""What shops and archives ask of a release besides its names: all of it may be left out."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Fact = Annotated[str, Meta(max_length=2_000)]
Isrc = Annotated[str, Meta(pattern=r"^([A-Z]{2}[A-Z0-9]{3}[0-9]{7})?\Z")]
"""International Standard Recording Code of a song (ISO 3901) without dashes, or ""."""


class ReleaseFacts(Struct, frozen=True, kw_only=True):
    """Of the release as a whole. "" is not said."""

    genre: Fact = ""
    date: Annotated[str, Meta(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?\Z")] = ""
    """Of the release: a year, a month or a day, as 2026-11-30."""
    upc: Annotated[str, Meta(pattern=r"^([0-9]{12,13})?\Z")] = ""
    """The number under the bar code, UPC (12 digits) or EAN (13)."""
    composer: Fact = ""
    label: Fact = ""
    rights: bool = False
    """Whether the artist has said that they hold, or were granted, the rights in what the model learnt from."""

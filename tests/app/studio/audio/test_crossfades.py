"""The mix fades from one section to the next by the very curves that the timeline draws."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.model import Lane, Section, Song
from app.document.stretches import crossfades, stretches
from app.studio.audio.mix import mix

ONES, NOTHING = np.ones(20_000, np.float32), np.zeros(20_000, np.float32)
FIRST = Section(id="x1", clip="a", start=0, offset=0, length=10_000)
SECONDS = {
    "of another clip": (Section(id="x2", clip="b", start=6_000, offset=0, length=10_000),),
    "split amid the crossfade": (
        Section(id="x2", clip="b", start=6_000, offset=0, length=1_000),
        Section(id="x3", clip="b", start=7_000, offset=1_000, length=9_000),
    ),
    "behind one that lies within": (
        Section(id="x2", clip="b", start=2_000, offset=0, length=1_000),
        Section(id="x3", clip="b", start=6_000, offset=5_000, length=10_000),
    ),
    "of the same sound": (Section(id="x2", clip="a", start=6_000, offset=6_000, length=10_000),),
}


@pytest.mark.parametrize("later", SECONDS.values(), ids=SECONDS)
def test_a_crossfade_is_heard_as_it_is_drawn(later: tuple[Section, ...]) -> None:
    sections = (FIRST, *later)
    song = Song(id="s1", lanes=(Lane(id="l1", sections=sections, pan=-1.0),))
    (cross,) = crossfades(stretches(sections))
    assert (cross.rising.start, cross.rising.end) == (6_000, 10_000)
    places = np.arange(6_000, 10_000, 500)
    shares = (places + 0.5 - 6_000) / 4_000
    falling, rising = ([ramp.level(share) for share in shares] for ramp in (cross.falling, cross.rising))
    if later[0].clip == "a":
        heard = mix(song, {"a": ONES}, 0, 16_000)[places, 0]
        assert heard == pytest.approx(np.add(falling, rising), abs=1e-4)
        assert heard == pytest.approx(1.0, abs=1e-4)
        return
    for sounds, levels in (({"a": ONES, "b": NOTHING}, falling), ({"a": NOTHING, "b": ONES}, rising)):
        assert mix(song, sounds, 0, 16_000)[places, 0] == pytest.approx(levels, abs=1e-4)

"""Which accents are seen at a zoom."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.document.model import Lane, Section, Song
from app.widgets.timeline.accent_marks import LEAST_GAP, AccentMarks, VisibleAccents
from app.widgets.timeline.snap import Snapping, accent_targets

FRAMES = st.lists(st.tuples(st.integers(0, 500_000), st.floats(0.1, 10.0)), unique_by=lambda accent: accent[0])


@given(FRAMES, st.floats(0.5, 100_000.0))
def test_what_is_seen_has_room_and_is_never_weaker_than_what_it_hides(
    accents: list[tuple[int, float]], gap: float
) -> None:
    accents.sort()
    weights = dict(accents)
    seen = AccentMarks([frame for frame, _ in accents], list(weights.values())).apart(gap)
    assert set(seen) <= set(weights)
    assert list(seen) == sorted(seen)
    assert bool(seen) == bool(accents)
    assert (np.diff(seen) >= gap * 0.5).all()
    for frame, weight in accents:
        # the strongest nearby is seen
        rivals = [other for other in weights if abs(other - frame) <= 2 * gap]
        if weight > max((weights[other] for other in rivals if other != frame), default=0.0):
            assert frame in seen


def test_zooming_in_shows_more_and_nothing_is_worked_out_twice() -> None:
    seen = VisibleAccents()
    seen.put({"c1": AccentMarks([0, 100, 200, 5000], [1.0, 3.0, 2.0, 0.5])})
    far, near = 1000 / LEAST_GAP, 10 / LEAST_GAP
    assert seen.at(far)["c1"] == (100, 5000)
    assert seen.at(far) is seen.at(far)
    assert seen.at(near)["c1"] == (0, 100, 200, 5000)
    assert seen.at(near * 1.01) is seen.at(near * 1.02)
    seen.put({})
    assert not seen.at(near)


def test_accents_pull_where_no_edge_does() -> None:
    parts = (
        Section(id="x1", clip="c1", start=1000, offset=50, length=500),
        Section(id="x2", clip="c1", start=9000, offset=0, length=90),
    )
    song = Song(id="s1", lanes=(Lane(id="l1", sections=parts),))
    accents = {"c1": (40, 100, 200, 700)}
    assert accent_targets(song, accents) == (1050, 1150, 9040)
    assert accent_targets(song, accents, without={"x1"}) == (9040,)
    snapping = Snapping((1000, 1500), 30.0, 0.0, (1050, 1150), accents)
    assert snapping.near(1028).guide == 1000
    assert snapping.near(1040).guide == 1050
    assert snapping.near(1100).guide is None
    # what is dragged brings its own accents along
    assert (snapping.near(700, accents=[1140]).by, snapping.near(700, accents=[1140]).guide) == (10, 1150)
    assert snapping.near(700, accents=[1510]).guide is None

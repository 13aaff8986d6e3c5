"""How a guide is followed: strokes alone, notes alone, and how fine these are."""

from __future__ import annotations

import numpy as np
import pytest

from app.document.errors import UserError
from app.document.guide_choice import Fineness, GuideChoice, GuideParts
from app.studio.guides.manner import as_chosen
from app.studio.guides.preview import noise_along
from samplernn.guides.guide import Guide
from samplernn.guides.notes import PEAK, REST, notes_of, semitone_frequencies, whole_levels
from samplernn.guides.strokes import strokes_of

RATE, SECONDS = 16_000, 6.0


def music() -> np.ndarray:
    """Two notes a second, of three, a low one and one an octave and more above it; a click on each beat."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    place = (time * 2).astype(int) % 3
    sound = 0.01 * np.random.default_rng(0).standard_normal(len(time))
    for pitch in (np.array([110.0, 138.6, 164.8]), np.array([880.0, 1108.7, 1318.5])):
        sound += 0.1 * np.sin(2 * np.pi * np.cumsum(pitch[place]) / RATE)
    return (sound * (0.2 + 0.8 * np.exp(-10 * (time % 0.25)))).astype(np.float32)


GUIDE = Guide(strokes_of([music()], RATE), "music", notes_of([music()], RATE))


def played(heed: GuideParts = "both", fineness: Fineness = "fine", guide: Guide = GUIDE) -> tuple[float, float, float]:
    """How well noise follows strokes and notes; and by how many dB partials stand out of semitones above 600 Hz."""
    choice = GuideChoice("recording", heed=heed, fineness=fineness)
    sound = noise_along(as_chosen(guide, choice), SECONDS).samples
    strokes, notes = strokes_of([sound], RATE), notes_of([sound], RATE)
    inside, few = slice(100, -100), slice(10, -10)
    alike = np.corrcoef(strokes[inside].mean(axis=1), GUIDE.strokes[inside].mean(axis=1))[0, 1]
    assert GUIDE.notes is not None
    levels, wanted = (whole_levels(each, RATE)[few] for each in (notes, GUIDE.notes))
    sung = np.corrcoef((levels - levels.mean(0)).ravel(), (wanted - wanted.mean(0)).ravel())[0, 1]
    high = notes[few][:, semitone_frequencies() > 600]
    loudest = high[np.arange(len(high)), high[..., PEAK].argmax(axis=1)]
    return float(alike), float(sung), float(np.mean(loudest[:, PEAK] - loudest[:, REST]))


def test_strokes_alone_notes_alone_and_both() -> None:
    both, strokes, notes = played(), played("strokes"), played("notes")
    assert both[0] > 0.9
    assert strokes[0] > 0.9
    assert notes[0] < 0.7
    assert both[1] > 0.7
    assert notes[1] > 0.7
    assert strokes[1] < both[1] - 0.2


def test_the_coarser_the_notes_the_fewer_lines() -> None:
    fine, medium, coarse = (played("both", each) for each in ("fine", "medium", "coarse"))
    assert fine[2] > medium[2] + 2
    assert abs(medium[2] - coarse[2]) < 1.5  # these are above 500 Hz
    assert coarse[1] > 0.6  # semitones are followed all the same


def test_semitones_are_as_loud_as_before() -> None:
    coarse = as_chosen(GUIDE, GuideChoice("recording", fineness="coarse"))
    medium = as_chosen(GUIDE, GuideChoice("recording", fineness="medium"))
    assert GUIDE.notes is not None
    assert coarse.notes is not None
    assert medium.notes is not None
    np.testing.assert_allclose(whole_levels(coarse.notes, RATE), whole_levels(GUIDE.notes, RATE), atol=0.01)
    low = semitone_frequencies() < 500
    np.testing.assert_array_equal(medium.notes[:, low], GUIDE.notes[:, low])
    np.testing.assert_array_equal(medium.notes[:, ~low], coarse.notes[:, ~low])
    assert (coarse.notes[..., PEAK] <= GUIDE.notes[..., PEAK] + 0.01).all()


def test_as_usual_it_is_the_very_guide_and_otherwise_says_so() -> None:
    assert as_chosen(GUIDE, GuideChoice("album")) is GUIDE
    assert as_chosen(GUIDE, GuideChoice("album", heed="strokes")).manner == "strokes only"
    assert as_chosen(GUIDE, GuideChoice("album", fineness="coarse")).manner == "coarse notes"
    choice = GuideChoice("album", heed="notes", fineness="medium", in_a_row=True)
    assert choice.manner == "notes only, medium notes, bars may follow as on the album"
    whole = as_chosen(Guide(GUIDE.strokes, "x", GUIDE.notes, whole=GUIDE), GuideChoice("album", heed="strokes")).whole
    assert whole is not None
    assert whole.notes is None


def test_notes_alone_of_what_has_none_get_a_sentence() -> None:
    with pytest.raises(UserError, match="“beat” has no notes"):
        as_chosen(Guide(GUIDE.strokes, "beat"), GuideChoice("pattern", heed="notes"))

"""Guides from parts of songs: what a section sounds like in the mix is what clips play along to."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.edits.made import add_clips
from app.document.edits.sections import place_clip, set_fade_in
from app.document.edits.songs import mute_lane
from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import SONG_RATE, Project, Tempo
from app.document.song_part import SongPart, lanes_alone, sections_alone, whole_song
from app.document.store import ProjectFolder
from app.studio.guides.bars import Bars
from app.studio.guides.preview import preview_guide
from app.studio.guides.song_sound import sound_of_part
from app.studio.guides.sources import guide_of_recording, guides_for
from samplernn.guides.guide import Guide
from samplernn.guides.strokes import PER_SECOND
from tests.app.conftest import build_project, make_clip

RATE = 16_000


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[ProjectFolder, Project]:
    folder = tmp_path_factory.mktemp("songs") / "Songs.deepcuts"
    return ProjectFolder(folder), build_project(folder)


def guide(place: ProjectFolder, part: SongPart, seconds: float = 3.0) -> Guide:
    made = guides_for(place, GuideChoice("song", part=part, follow=0.7), seconds, [1, 2])
    assert made[0] is made[1]
    assert made[0].follow == 0.7
    return made[0]


def test_a_section_is_played_along_to_as_its_clip_would_be(
    built: tuple[ProjectFolder, Project], tmp_path: Path
) -> None:
    """Section x1 is c0006 from 0.5 s on: the same as a recording of that, panned or not."""
    place, project = built
    made = guide(place, sections_alone(project, ["x1"]))
    assert made.name == "Hollow Engine, section 1"
    cut = tmp_path / "cut.wav"
    sound, rate = soundfile.read(place.path / "clips/c0006.flac", dtype="float32")
    soundfile.write(cut, sound[rate // 2 : rate // 2 + 3 * rate], rate)
    recorded = guide_of_recording(cut, 3.0, Bars())
    inside = slice(5, -5)  # the mix keeps the ends from clicking
    alike = np.corrcoef(made.strokes[inside].ravel(), recorded.strokes[inside].ravel())[0, 1]
    assert alike > 0.99
    assert made.notes is not None
    assert recorded.notes is not None
    assert np.corrcoef(made.notes[3:-3, :, 0].ravel(), recorded.notes[3:-3, :, 0].ravel())[0, 1] > 0.99


def test_it_is_heard_as_mixed(built: tuple[ProjectFolder, Project]) -> None:
    place, project = built
    faded = set_fade_in(project, ["x1"], 2 * SONG_RATE)
    plain, quiet = (sound_of_part(place, sections_alone(each, ["x1"]), 3.0, RATE) for each in (project, faded))
    power = [float(np.mean(sound[:RATE] ** 2)) for sound in (plain, quiet)]
    assert power[1] < 0.5 * power[0]
    np.testing.assert_allclose(plain[-RATE // 2 :], quiet[-RATE // 2 :], atol=1e-4)


def test_lanes_add_up_to_the_song(built: tuple[ProjectFolder, Project]) -> None:
    place, project = built
    lanes = [lane.id for lane in project.songs[0].lanes]
    song = sound_of_part(place, whole_song(project, "s1"), 100.0, RATE)
    parts = [sound_of_part(place, lanes_alone(project, each, 0, project.songs[0].frames), 100.0, RATE)
             for each in (lanes[:1], lanes[1:])]  # fmt: skip
    assert len(song) == pytest.approx(7.0 * RATE, abs=RATE / 100)
    np.testing.assert_allclose(parts[0] + parts[1], song, atol=1e-4)
    muted = sound_of_part(place, whole_song(mute_lane(project, lanes[0], True), "s1"), 100.0, RATE)
    np.testing.assert_allclose(muted, parts[1][: len(muted)], atol=1e-4)


def test_a_part_comes_again_for_as_long_as_the_clip(built: tuple[ProjectFolder, Project]) -> None:
    place, project = built
    made = guide(place, sections_alone(project, ["x5"]), 5.0)
    assert len(made.strokes) == 5 * PER_SECOND
    np.testing.assert_allclose(made.strokes[20:450], made.strokes[520:950], atol=0.01)


def test_the_tempo_is_kept_while_bars_stay_whole(built: tuple[ProjectFolder, Project]) -> None:
    place, project = built
    for bpm, seconds, known in ((120.0, 8.0, True), (120.0, 2.0, True), (110.0, 2.0, True), (110.0, 8.0, False)):
        clips = tuple(replace(clip, tempo=Tempo(bpm=bpm)) for clip in project.clips)
        part = sections_alone(replace(project, clips=clips), ["x5"])
        assert guide(place, part, seconds).bpm == (bpm if known else None)


def test_it_is_previewed_with_its_own_length(built: tuple[ProjectFolder, Project]) -> None:
    place, project = built
    preview = preview_guide(place, GuideChoice("song", part=sections_alone(project, ["x5"])), 6.0, 1)
    assert preview.source_seconds == pytest.approx(2.0)
    assert preview.guide.name == "Hollow Engine, section 5"


def test_what_cannot_be_played_along_to_gets_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "Odd.deepcuts"
    project = build_project(folder)
    place = ProjectFolder(folder)
    silent = make_clip(folder, 7, 1, 4.0)
    soundfile.write(folder / silent.file, np.zeros(silent.samples), silent.rate)
    project = add_clips(project, [silent])
    lane = project.songs[1].lanes[1].id
    project = place_clip(project, lane, silent.id, 0)
    project = place_clip(project, lane, "c0001", 10 * SONG_RATE, length=SONG_RATE // 3)
    ids = [section.id for section in project.songs[1].lanes[1].sections]
    (folder / "clips/c0003.flac").unlink()
    gone = project.songs[1].lanes[0].sections[0].id
    (folder / "clips/c0002.flac").write_bytes(b"no sound")
    for id, says in (
        (ids[0], "is silent"), (ids[1], "shorter than a second"), (gone, "is missing"), ("x4", "cannot be played")
    ):  # fmt: skip
        with pytest.raises(UserError, match=says) as problem:
            guide(place, sections_alone(project, [id]))
        assert "\n" not in str(problem.value)
    with pytest.raises(UserError, match="is silent"):
        guide(place, sections_alone(replace(project, clips=()), ["x1"]))
    with pytest.raises(UserError, match="No section"):
        guides_for(place, GuideChoice("song"), 3.0, [1])
    # with others beside it, what is there counts
    assert guide(place, sections_alone(project, ["x1", "x4"])).name == "Hollow Engine, sections 1 and 4"


def test_it_can_be_stopped(built: tuple[ProjectFolder, Project]) -> None:
    place, project = built
    with pytest.raises(CancelledError):
        sound_of_part(place, whole_song(project, "s1"), 9.0, RATE, cancelled=lambda: True)

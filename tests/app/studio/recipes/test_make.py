"""An album without hands, from the sources to the release; what was made stays after a cancel."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from app.document.edits.made import add_clips
from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.lock import ProjectLock
from app.document.model import SONG_RATE, Clip
from app.document.recipe_book import RECIPE_BOOK
from app.document.store import load_project
from app.studio.demo.score import read_score
from app.studio.recipes.generating import ClipMaker
from app.studio.recipes.listening import learnt_of, material_of
from app.studio.recipes.make import Made, MakeOptions, make_album
from app.studio.recipes.material import Wishes
from app.studio.recipes.recipes import RECIPES, arrange_by
from app.studio.release.tags import read_back
from app.studio.training.train import found_runs
from resources.progress import no_report
from samplernn.audio.reading import write_sound
from samplernn.config import Preset
from samplernn.errors import SoundError

TITLES = (
    "Iron Lullaby",
    "Cold Harbour",
    "Under Nine Bridges",
    "The Last Signal",
    "Harbour of Iron",
    "Nine Cold Rivers",
    "Lullaby for a Bridge",
    "Signal Under Water",
    "The Cold Iron Road",
    "River of Signals",
)
Options = Callable[..., MakeOptions]


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with one track, and a list of titles."""
    noise = np.random.default_rng(1)
    t = np.arange(30 * 16_000) / 16_000
    beats = noise.normal(0, 0.2, len(t)) * np.exp(-((t * 3) % 1) * 6) + 0.2 * np.sin(2 * np.pi * 90 * t)
    album = tmp_path / "album"
    write_sound(album / "01 Only One.flac", beats.astype(np.float32), 16_000)
    (album / "broken.mp3").write_bytes(b"ID3 not really")
    titles = tmp_path / "titles.txt"
    titles.write_text("\n".join(TITLES), encoding="utf-8")
    return album, titles


@pytest.fixture
def options(tmp_path: Path, sources: tuple[Path, Path], tiny: Preset) -> Options:
    """Options that are quick, and whatever else is wanted."""
    usual: dict[str, Any] = {
        "out": tmp_path / "out",
        "sources": sources[:1],
        "titles": sources[1],
        "songs": 2,
        "song_seconds": 4.0,
        "preset": tiny,
        "epochs": 1,
        "device": "cpu",
        "seed": 3,
        "formats": ("flac", "mp3"),
    }
    return lambda **more: MakeOptions(**{**usual, **more})


def test_an_album_comes_out(tmp_path: Path, options: Options) -> None:
    told: list[float] = []
    made = make_album(options(), lambda fraction, doing: told.append(fraction))
    assert isinstance(made, Made)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert made.release.parent == tmp_path / "out"
    assert made.project == tmp_path / "out.deepcuts"
    assert [refused.path.name for refused in made.refused] == ["broken.mp3"]
    project = load_project(made.project)
    assert len(project.songs) == 2
    assert project.release.cover
    clips = {clip.id: clip for clip in project.clips}
    for song in project.songs:  # planned: one tempo, and two takes of one guide at every moment
        heard = [[clips[part.clip] for part in lane.sections] for lane in song.lanes]
        (tempo,) = {clip.tempo.bpm for lane in heard for clip in lane if clip.tempo is not None}
        assert song.markers[0].frame == 0
        bar = 240 / tempo * SONG_RATE
        assert all(abs(marker.frame / bar - round(marker.frame / bar)) * bar < 2 for marker in song.markers)
        assert all(one != other and one.guide == other.guide for one, other in zip(*heard, strict=True))
    songs = sorted((made.release / "FLAC").glob("*.flac"))
    assert [soundfile.info(path).frames for path in songs] == [4 * SONG_RATE] * 2
    titles = [read_back(path)[0] for path in songs]
    assert len(set(titles)) == 2
    assert project.album.artist == ""
    assert project.release.artist  # invented: the album does not say whose it is
    for word in ("unknown", "(machine)"):
        assert word not in f"{project.release.artist} {made.release.name} {read_back(songs[0])[1]}".casefold()
    assert not {*TITLES, "Only One", ""} & set(titles)
    assert len(list((made.release / "MP3").glob("*.mp3"))) == 2
    assert make_album(options()).project.name == "out (2).deepcuts"


def test_songs_go_along_with_a_recording(tmp_path: Path, options: Options, sources: tuple[Path, Path]) -> None:
    """From its beginning to its end, in two takes at every moment."""
    guide = GuideChoice("recording", sources[0] / "01 Only One.flac")
    made = make_album(options(guide=guide, songs=1, song_seconds=20.0, formats=("wav",)))
    project = load_project(made.project)
    clips = {clip.id: clip for clip in project.clips}
    (song,) = project.songs
    assert [part.start / SONG_RATE for part in song.lanes[0].sections] == [0.0, 8.0]
    assert song.frames == 20 * SONG_RATE
    assert not song.markers
    for one, other in zip(*(lane.sections for lane in song.lanes), strict=True):
        assert (one.start, one.offset, one.length) == (other.start, other.offset, other.length)
        assert clips[one.clip].guide == clips[other.clip].guide
        assert clips[one.clip].guide.startswith("01 Only One.flac, ")


def test_every_recipe_arranges_what_was_learnt_once(tmp_path: Path, options: Options) -> None:
    """One learning; then one album by a recipe, with its reasons told, and the songs of all others."""
    kept = tmp_path / "Kept.deepcuts"
    usual = {"project": kept, "formats": ("wav",), "songs": 1}
    made = make_album(options(**usual, recipe="reveal", song_seconds=15.0, epochs=3))
    assert not made.notes
    project = load_project(kept)
    (song,) = project.songs
    page = (made.release / "how it was made.html").read_text(encoding="utf-8")
    assert f"the recipe “reveal”, after “{RECIPE_BOOK['reveal'].after}”" in page
    assert all(part.why in page for part in song.lanes[0].sections)
    clips = {clip.id: clip for clip in project.clips}
    assert [clips[part.clip].epoch for part in song.lanes[0].sections] == [1, 2, 3]
    (run,) = project.runs
    learnt = learnt_of(kept, run)
    assert learnt.epochs == (1, 2, 3)
    for name, recipe in RECIPES.items():
        wishes, fresh = Wishes(1, 6.0, 1), list[Clip]()
        maker = ClipMaker(
            project=lambda fresh=fresh: add_clips(project, fresh), folder=kept, run=run, device="cpu",
            guide=RECIPE_BOOK[name].guide, keep=fresh.extend, cancelled=lambda: False,
        )  # fmt: skip
        made_now = maker.batches(list(recipe.clips(wishes, learnt)), no_report)
        assert made_now == fresh
        assert all(bool(clip.guide) == RECIPE_BOOK[name].is_guided for clip in fresh), name
        arranged = arrange_by(name, add_clips(project, fresh), wishes, material_of(kept, fresh, learnt))
        assert (arranged.songs[0], arranged.songs[1].recipe) == (song, name)
        assert abs(arranged.songs[1].frames / SONG_RATE - 6) < 1.5
        shutil.rmtree(kept / "clips")  # those of the next one bear the same names
        (kept / "clips").mkdir()


def test_what_was_learnt_is_gone_on_with_and_too_few_epochs_are_told(tmp_path: Path, options: Options) -> None:
    kept = tmp_path / "Kept.deepcuts"
    make_album(options(project=kept, songs=1, formats=("wav",)))
    again = options(project=kept, sources=(), titles=None, recipe="stitch", is_learnt=True, songs=1, formats=("wav",))
    made = make_album(again)
    assert ["only 1 checkpoint," in note for note in made.notes] == [True]
    project = load_project(kept)
    assert [run.id for run in project.runs] == ["r1"]
    assert [song.recipe for song in project.songs] == ["random", "stitch"]


def test_nothing_was_learnt_to_make_it_of(options: Options) -> None:
    with pytest.raises(UserError, match="learnt nothing yet"):
        make_album(options(is_learnt=True))


@pytest.mark.parametrize("said", ["Learning", "Generating", "Writing song"])
def test_a_cancel_keeps_what_was_made(tmp_path: Path, options: Options, said: str) -> None:
    seen: list[str] = []
    kept = tmp_path / "Kept.deepcuts"
    with pytest.raises(CancelledError):
        make_album(
            options(project=kept),
            lambda fraction, doing: seen.append(doing),
            lambda: any(doing.startswith(said) for doing in seen),
        )
    project = load_project(kept)
    assert len(project.album.tracks) == 1
    assert said == "Learning" or len(found_runs(kept)) == 1
    assert project.runs == found_runs(kept)
    assert bool(project.songs) == (said == "Writing song")
    out = tmp_path / "out"
    assert not out.exists() or not list(out.iterdir())


def test_a_project_that_is_there_is_gone_on_with(tmp_path: Path, options: Options) -> None:
    kept = tmp_path / "Kept.deepcuts"
    wanted = options(project=kept, songs=1, formats=("flac",))
    make_album(wanted)
    before = load_project(kept)
    with ProjectLock(kept), pytest.raises(UserError, match="open in another window"):
        make_album(wanted)
    make_album(wanted)
    after = load_project(kept)
    assert after.songs[0] == before.songs[0]
    assert len(after.songs) == 2
    assert [run.id for run in after.runs] == ["r1", "r2"]
    assert len({clip.id for clip in after.clips}) == len(after.clips) > len(before.clips)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"preset": "huge"}, SoundError, "no preset"),
        ({"recipe": "polka"}, UserError, "no recipe"),
        ({"formats": ("wma",)}, UserError, "not a format"),
        ({"songs": 0}, UserError, "at least one song"),
        ({"song_seconds": float("nan")}, UserError, "at least one song"),
        ({"out": Path("/dev/null/out")}, UserError, "cannot be written to"),
    ],
)
def test_wrong_options_are_said_before_anything_is_done(
    tmp_path: Path, options: Options, wrong: dict[str, object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        make_album(options(**wrong))
    assert not (tmp_path / "out.deepcuts").exists()


def test_sources_without_music_are_said_plainly_and_leave_nothing(tmp_path: Path, options: Options) -> None:
    titles = options().titles
    with pytest.raises(UserError, match="no music"):
        make_album(options(sources=(titles,)))
    assert not list(tmp_path.glob("*.deepcuts"))


def test_all_names_that_lead_to_nothing_are_told(tmp_path: Path, options: Options) -> None:
    one, two = tmp_path / "one", tmp_path / "two.flac"
    for wrong, says in (
        ({"sources": (one, two)}, "“one” and “two.flac” are not there."),
        ({"sources": (one,)}, "“one” is not there."),
        ({"sources": (one, two), "titles": tmp_path / "t.txt"}, "“one”, “two.flac” and “t.txt” are not there."),
        ({"titles": one, "photos": two}, "“one” and “two.flac” are not there."),
    ):
        with pytest.raises(UserError, match=re.escape(says)):
            make_album(options(**wrong))
    assert not list(tmp_path.glob("*.deepcuts"))


def test_a_project_that_cannot_be_made_is_told(tmp_path: Path, options: Options) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be"):
        make_album(options(project=tmp_path / "file" / "Kept.deepcuts"))


def test_the_demo_band_plays_where_no_source_is_given(tmp_path: Path, options: Options) -> None:
    """It keeps what it finds of an earlier evening, so that here it need not play it all."""
    kept = tmp_path / "Kept.deepcuts"
    band = kept / "album" / "The demo band"
    band.mkdir(parents=True)
    (recording,) = options().sources
    for number, piece in enumerate(read_score().pieces, start=1):
        shutil.copy(recording / "01 Only One.flac", band / f"{number:02} {piece.title}.flac")
    (band / "cover.jpg").write_bytes(b"no picture")
    make_album(options(project=kept, sources=(), titles=None, songs=1, formats=("flac",)))
    project = load_project(kept)
    assert project.album.tracks[0].title == read_score().pieces[0].title
    assert len(project.album.titles) >= 50
    assert project.songs[0].title

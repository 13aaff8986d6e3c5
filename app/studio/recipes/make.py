"""An album from start to end, automatically: import, learn, generate, name, paint, arrange, export."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from app.document.edits.album import add_album, add_photographs, machine_name, set_catalogue
from app.document.edits.exported import add_exported, exported_today
from app.document.edits.made import add_clips, add_covers, add_titles, put_run
from app.document.edits.release import name_release, set_formats, set_gap, set_loudness
from app.document.errors import UserError
from app.document.guide_choice import GuideChoice
from app.document.model import FORMAT_TITLES, Clip, Project, Run
from app.document.opening import new_or_held_project
from app.document.recipe_book import DEFAULT_RECIPE, RECIPE_BOOK
from app.document.shelf import new_folder
from app.document.store import SUFFIX, ProjectFolder, save_project
from app.studio.importing.scan import Refused, show
from app.studio.recipes.by_lot import random_recipe
from app.studio.recipes.generating import ClipMaker
from app.studio.recipes.listening import learnt_of, material_of
from app.studio.recipes.material import Learnt, Wishes
from app.studio.recipes.planned import PlannedSong
from app.studio.recipes.recipes import RECIPES, arrange_by
from app.studio.training.instrument import preset_for
from app.studio.training.previews import Preview
from app.studio.training.train import LearningEvent, TrainingPlan, found_runs, learn, with_found_runs
from resources.files import make_folders
from resources.progress import Cancelled, Report, between, forward_only, never, no_report
from resources.refusals import not_found
from samplernn.config import Preset
from samplernn.presets import preset_named
from samplernn.training.control import Control
from samplernn.training.events import Started, Step
from titles.errors import TitleError

Keep = Callable[[Project], None]
"""Is given the document after each stage, to save it or show it."""
Told = Callable[[LearningEvent], None]
"""Is given what the training tells."""

_TITLES = 500
_COVERS = 2


@dataclass(frozen=True, kw_only=True)
class MakeOptions:
    """What to make an album of, and how."""

    out: Path
    """The folder that the release is put in."""
    sources: tuple[Path, ...] = ()
    """Files and folders of an album; none for the demo band."""
    recipe: str = DEFAULT_RECIPE
    """As in `app.document.recipe_book`."""
    preset: Preset | str | None = None
    """None for what is best on the device; see `default_preset`."""
    songs: int = 5
    song_seconds: float = 60.0
    budget: float | None = None
    """Seconds to learn for."""
    epochs: int | None = None
    """Epochs to learn for; with neither, as the preset says."""
    titles: Path | None = None
    photos: Path | None = None
    formats: tuple[str, ...] = ("flac",)
    loudness: float | None = -14.0
    guide: GuideChoice | None = None
    """What the clips play along to; None for what the recipe says."""
    is_learnt: bool = False
    """Whether to learn nothing anew, and take the clips from what the project has learnt last."""
    seed: int = 0
    project: Path | None = None
    """Where the project is kept; a folder beside `out` where it is not given."""
    device: str = "auto"
    previews: bool = False
    """Whether to be able to hear what has been learnt, while it is."""

    @property
    def wishes(self) -> Wishes:
        """What is asked of the recipe."""
        return Wishes(self.songs, self.song_seconds, self.seed)

    def as_preset(self) -> Preset:
        """Raises SoundError where there is no preset of that name, or no such device."""
        if self.preset is None:
            return preset_for(self.device)
        return preset_named(self.preset) if isinstance(self.preset, str) else self.preset


@dataclass(frozen=True)
class Listeners:
    """Who hears of a making while it goes on."""

    keep: Keep
    told: Told = lambda event: None


@dataclass(frozen=True)
class Made:
    """What came of it."""

    project: Path
    release: Path
    refused: tuple[Refused, ...] = ()
    """Files among the sources that could not be used."""
    notes: tuple[str, ...] = ()
    """What the recipe has to say of what had been learnt, in plain sentences."""


def make_album(options: MakeOptions, report: Report = no_report, cancelled: Cancelled = never) -> Made:
    """Makes an album and keeps the project that it came from.

    A project that is there already is gone on with: its songs stay, and the new ones come after them.

    Raises:
        UserError, SoundError, PictureError, TitleError: what is wrong with the sources or the options.
        concurrent.futures.CancelledError: once `cancelled()`; what was made so far is kept in the project.
    """
    _check(options)
    folder = options.project or _new_beside(options.out)
    with new_or_held_project(folder, is_fresh=options.project is None) as project:
        saving = Listeners(keep=lambda fresh: save_project(folder, fresh))
        return make_in_project(project, folder, options, saving, report, cancelled)


def make_in_project(
    project: Project,
    folder: Path,
    options: MakeOptions,
    listeners: Listeners,
    report: Report = no_report,
    cancelled: Cancelled = never,
) -> Made:
    """As `make_album`, in a project that is open: its document is kept by the listeners after each stage."""
    _check(options)
    stage = _Stages(project, folder, options, listeners, cancelled)
    report = forward_only(report)
    stage.read(between(report, 0.0, 0.04))
    stage.learn(between(report, 0.04, 0.08), between(report, 0.08, 0.62))
    stage.generate(between(report, 0.62, 0.80))
    report(0.80, "Inventing titles")
    stage.name()
    stage.paint(between(report, 0.80, 0.84))
    stage.arrange(between(report, 0.84, 0.86))
    release = stage.export(between(report, 0.86, 1.0))
    return Made(folder, release, stage.refused, stage.notes)


def _check(options: MakeOptions) -> None:
    """Says what is wrong with the options before hours have gone into it."""
    options.as_preset()
    if options.recipe not in RECIPE_BOOK:
        raise UserError(f"There is no recipe “{options.recipe}”.", f"Choose from {', '.join(RECIPE_BOOK)}.")
    if options.songs < 1 or not 1 <= options.song_seconds < math.inf:
        raise UserError("An album has at least one song, of a second or more.")
    if not _can_be_written(options.out):
        raise UserError(f"“{options.out}” cannot be written to.", "Choose another folder.")
    unknown = sorted(set(options.formats) - set(FORMAT_TITLES))
    if unknown:
        raise UserError(f"“{unknown[0]}” is not a format.", f"Choose from {', '.join(FORMAT_TITLES)}.")


def _new_beside(out: Path) -> Path:
    """A new folder for the project beside the one that the release goes to.

    Raises:
        UserError: it cannot be made.
    """
    out = out.absolute()
    name = out.name or "Album"
    numbers = (f" ({number})" if number > 1 else "" for number in itertools.count(1))
    try:
        make_folders(out.parent)
        return new_folder(out.parent / f"{name}{number}{SUFFIX}" for number in numbers)
    except OSError as error:
        raise UserError.from_os_error(f"No project can be made in “{out.parent}”", error) from error


def _can_be_written(folder: Path) -> bool:
    """Whether it is a folder that files can be put in, or can be made one."""
    place = folder.absolute()
    while not os.path.lexists(place):
        place = place.parent
    return os.path.isdir(place) and os.access(place, os.W_OK)


def _last_learnt(project: Project) -> Run:
    """The run that was trained last, of those that have a checkpoint.

    Raises:
        UserError: there is none.
    """
    runs = [run for run in project.runs if run.epoch]
    if not runs:
        raise UserError("This project has learnt nothing yet.", "Let it learn first.")
    return runs[-1]


class _Stages:
    """The document as it grows from stage to stage.

    Attributes:
        refused: what could not be used of the sources.
        notes: what the recipe has to say.
    """

    def __init__(
        self, project: Project, folder: Path, options: MakeOptions, listeners: Listeners, cancelled: Cancelled
    ) -> None:
        self._project, self._folder, self._options = project, folder, options
        self._listeners, self._cancelled = listeners, cancelled
        self._run = Run(id="", preset=options.as_preset().name)
        self._planned: list[PlannedSong] = []
        self._learnt = Learnt((1,), 1)
        self._clips: list[Clip] = []
        self.refused: tuple[Refused, ...] = ()
        self.notes: tuple[str, ...] = ()

    def _set(self, project: Project) -> None:
        self._project = project
        self._listeners.keep(project)

    def read(self, report: Report) -> None:
        """The sources, the titles and the photographs."""
        from app.studio.demo.demo import render_demo_band
        from app.studio.importing.album import import_album

        options, sources, played = self._options, list(self._options.sources), 0.0
        missing = [named for named in sources if not os.path.lexists(named)]
        missing = missing if len(missing) == len(sources) else []  # else what there is is taken, and the rest is told
        missing += [named for named in (options.titles, options.photos) if named is not None and not named.exists()]
        if missing:
            raise UserError(*not_found(*(show(named) for named in missing)))
        if not sources and not self._project.album.tracks:
            band = ProjectFolder(self._folder).album / "The demo band"
            render_demo_band(band, between(report, 0.0, 0.5), self._cancelled)
            sources, played = [band], 0.5
        project = self._project
        if sources:
            imported = import_album(sources, self._folder, between(report, played, 1.0), self._cancelled)
            self.refused = imported.refused
            project = add_album(project, imported.album)
        if not project.album.tracks:
            if len(self.refused) == 1:
                raise UserError(self.refused[0].why)
            raise UserError("There is no music in what was given.", "Name sound files or folders that hold some.")
        if options.titles is not None:
            from titles import read_titles

            project = set_catalogue(project, (*project.album.titles, *read_titles(options.titles)))
        if options.photos is not None:
            seen = import_album([options.photos], self._folder, cancelled=self._cancelled).album
            if not seen.photographs:
                raise UserError(f"There are no photographs in “{options.photos}”.", "Name a folder of pictures.")
            project = add_photographs(project, seen.photographs)
        if options.formats:
            project = set_formats(project, options.formats)
        self._set(set_gap(set_loudness(project, options.loudness), 0.0))

    def learn(self, preparing: Report, learning: Report) -> None:
        """Teaches a new run; a cancel stops it with a checkpoint."""
        options = self._options
        if options.is_learnt:
            self._set(with_found_runs(self._project, found_runs(self._folder)))
            self._run = _last_learnt(self._project)
            return
        plan = TrainingPlan(
            options.as_preset(), options.epochs, options.budget, device=options.device, seed=options.seed
        )
        control = Control(self._cancelled)
        for event in learn(lambda: self._project, self._folder, plan, control, preparing, previews=options.previews):
            self._listeners.told(event)
            match event:
                case Started():
                    learning(0.0, f"Learning on {event.device}")
                case Step():
                    learning(event.fraction, f"Learning: epoch {event.epoch}, {event.bits:.2f} bits")
                case Run():
                    self._run = event
                    self._set(put_run(self._project, event))
                case Preview(clip=Clip() as clip):
                    self._set(add_clips(self._project, [clip]))
        self._stop_if_cancelled()

    def generate(self, report: Report) -> None:
        """The clips that the recipe wants."""
        options = self._options
        maker = ClipMaker(
            project=lambda: self._project,
            folder=self._folder,
            run=self._run,
            guide=options.guide or RECIPE_BOOK[options.recipe].guide,
            device=options.device,
            keep=lambda clips: self._set(add_clips(self._project, clips)),
            cancelled=self._cancelled,
        )
        if options.recipe == DEFAULT_RECIPE:
            self._planned = maker.for_lots(options.wishes, report)
            return
        recipe = RECIPES[options.recipe]
        self._learnt = learnt_of(self._folder, self._run)
        self.notes = tuple(recipe.notes(options.wishes, self._learnt))
        self._clips = maker.batches(list(recipe.clips(options.wishes, self._learnt)), report)

    def name(self) -> None:
        """Titles for the songs, and names for the album and who plays it.

        Songs stay untitled where there is nothing to learn from. Where the album does not say whose it is, the artist's
        name is invented like the titles.
        """
        from app.studio.titles.naming import album_name, artist_name, invent_titles

        project, seed = self._project, self._options.seed
        title, artist = project.release.title, project.release.artist
        artist = artist or machine_name(project.album.artist)
        try:
            titles, _ = invent_titles(project, count=_TITLES, seed=seed)
            project = add_titles(project, titles)
            title = title or album_name(project, seed=seed)
            artist = artist or artist_name(project, seed=seed + 1)
        except TitleError:
            title = title or machine_name(project.album.title or project.name)
        self._set(name_release(project, title, artist))

    def paint(self, report: Report) -> None:
        """Candidates for the cover, of the photographs where there are some to lay over the old one."""
        from app.studio.artwork.covers import make_covers
        from app.studio.artwork.settings import CoverSettings
        from artwork.rendering import Rendering

        settings = CoverSettings(method="photos" if self._options.photos is not None else "self")
        seeds = range(self._options.seed, self._options.seed + _COVERS)
        rendering = Rendering(report=report, cancelled=self._cancelled)
        covers = make_covers(self._project, self._folder, settings, seeds, rendering)
        self._set(add_covers(self._project, covers))

    def arrange(self, report: Report) -> None:
        """The recipe."""
        options = self._options
        if options.recipe == DEFAULT_RECIPE:
            self._arrange_by_lot(report)
            return
        notes = RECIPES[options.recipe].wants_chroma
        material = material_of(self._folder, self._clips, self._learnt, report, self._cancelled, with_chroma=notes)
        self._set(arrange_by(options.recipe, self._project, options.wishes, material))

    def _arrange_by_lot(self, report: Report) -> None:
        from app.studio.alignment.slipping import slip_songs
        from app.studio.analysis.liveliness import listen_to_clips

        options = self._options
        heard = listen_to_clips(self._folder, self._project.clips, between(report, 0.0, 0.6), self._cancelled)
        project = random_recipe(
            self._project,
            songs=options.songs,
            song_seconds=options.song_seconds,
            seed=options.seed,
            heard=heard,
            planned=self._planned,
        )
        fresh = [song.id for song in project.songs[len(self._project.songs) :]]
        self._set(slip_songs(project, self._folder, fresh, between(report, 0.6, 1.0), self._cancelled))

    def export(self, report: Report) -> Path:
        from app.studio.release.export import export_release

        project, folder, out = self._project, self._folder, self._options.out
        release = export_release(project, folder, out, report=report, cancelled=self._cancelled)
        self._set(add_exported(project, exported_today(project, folder, release)))
        return release

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise CancelledError

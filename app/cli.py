"""The shell: the studio's functions as commands.

Results go to stdout, everything else to stderr. Exit status: 0 done, 2 the input or the call was wrong, 130 cancelled,
1 our fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from msgspec import to_builtins

from app.document.edits.album import add_album
from app.document.edits.made import add_clips
from app.document.model import Clip
from app.document.opening import held_project, new_or_held_project
from app.document.recipe_book import DEFAULT_RECIPE
from app.document.store import save_project
from app.document.words import isolated, plural
from app.document.writable import try_writing
from app.shell.again import again
from app.shell.arguments import (
    Bpm,
    Budget,
    Epochs,
    Fine,
    Follow,
    Form,
    Formats,
    GoingOn,
    GuideOfRecipe,
    Heed,
    InARow,
    Json,
    Photos,
    Preset,
    Project,
    Recipe,
    Seed,
)
from app.shell.choices import (
    chosen_checkpoint,
    guide_choice,
    guide_form,
    heeding,
    parse_formats,
    temperature_curve,
)
from app.shell.duration import parse_duration, say_duration
from app.shell.exporting import exporting
from app.shell.importing import taken_of
from app.shell.info import facts_of, in_words
from app.shell.json_output import show_json
from app.shell.paths import path_argument, path_option
from app.shell.running import DONE, WRONG_CALL, complain, long_work, status_of, warnings_said
from app.shell.studio import studio
from artwork.cover_settings import DEFAULT_SETTINGS as _COVER
from artwork.cover_settings import CoverSettings

shell = typer.Typer(
    name="deepcuts",
    help="Learn the sound of an album and dream up a new one. Without a command, the window opens.",
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns the exit status."""
    with warnings_said():
        return status_of(lambda: _call(arguments))


def _call(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(shell)
    try:
        outcome = command.main(list(arguments), prog_name="deepcuts", standalone_mode=False)
    except typer.TyperException as error:
        complain(f"{error.format_message().rstrip('.')}. “deepcuts --help” tells what there is.")
        return WRONG_CALL
    except SystemExit:
        # Whoever reads our output has read enough: typer has dealt with the broken pipe.
        return DONE
    return outcome if isinstance(outcome, int) else DONE


def seconds_of(budget: str | None) -> float | None:
    return None if budget is None else parse_duration(budget)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Deep Cuts {version('deepcuts')}")
        raise typer.Exit


@shell.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Learn the sound of an album and dream up a new one. Without a command, the window opens."""


@shell.command()
def make(
    out: Annotated[Path, path_option(help="The folder that the finished album is put in.")],
    source: Annotated[
        list[Path] | None, path_argument(help="Files and folders of an album; none for the built-in demo band.")
    ] = None,
    recipe: Recipe = DEFAULT_RECIPE,
    preset: Preset = None,
    songs: Annotated[int, typer.Option(help="Number of songs.", min=1, max=100)] = 5,
    song_seconds: Annotated[float, typer.Option(help="Length of each song.", min=5, max=3600)] = 60,
    budget: Budget = None,
    epochs: Epochs = None,
    titles: Annotated[Path | None, path_option(help="A text or CSV file of song titles to learn from.")] = None,
    photos: Photos = None,
    formats: Formats = "flac",
    guide: GuideOfRecipe = None,
    form: Form = None,
    bpm: Bpm = None,
    learnt: Annotated[
        bool, typer.Option("--learnt", help="Learn nothing anew: clips come from what --project has learnt last.")
    ] = False,
    seed: Seed = 0,
    project: Annotated[Path | None, path_option(help="Keep the project here, to go on by hand.")] = None,
    json: Json = False,
) -> None:
    """Make an album from start to end without hands, as the paper did."""
    from app.studio.recipes.make import MakeOptions, make_album

    options = MakeOptions(
        out=out,
        sources=tuple(source or ()),
        recipe=recipe,
        preset=preset,
        songs=songs,
        song_seconds=song_seconds,
        budget=seconds_of(budget),
        epochs=epochs,
        titles=titles,
        photos=photos,
        formats=parse_formats(formats),
        guide=None
        if guide is None and form is None and bpm is None
        else guide_choice(guide or "album", 1.0, form=guide_form(form, bpm)),
        is_learnt=learnt,
        seed=seed,
        project=project,
    )
    with long_work() as (report, cancelled):
        made = make_album(options, report, cancelled)
    for why in (*(refused.why for refused in made.refused), *made.notes):
        complain(why)
    if json:
        show_json({"release": str(made.release), "project": str(made.project)})
    else:
        typer.echo(made.release)


@shell.command("import")
def import_album(
    source: Annotated[list[Path], path_argument(help="Files and folders of an album.")],
    project: Annotated[Path, path_option(help="The project; made where there is none.")],
    json: Json = False,
) -> None:
    """Put an album into a project."""
    from app.studio.importing.album import import_album

    with new_or_held_project(project) as before, long_work() as (report, cancelled):
        imported = import_album(source, project, report, cancelled)
        after = add_album(before, taken_of(imported))
        save_project(project, after)
    album = after.album
    if json:
        show_json({"project": str(project), "tracks": len(album.tracks), "refused": len(imported.refused)})
    else:
        length = say_duration(sum(track.seconds for track in album.tracks))
        typer.echo(f"{isolated(str(project))}: {plural(len(album.tracks), 'track')}, {length}")


@shell.command()
def train(
    project: Project,
    preset: Preset = None,
    epochs: Epochs = None,
    budget: Budget = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, mps, or auto for the best there is.")] = "auto",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest run.")] = False,
    seed: Seed = 0,
) -> None:
    """Learn the sound of the project's album; Ctrl-C stops with a checkpoint."""
    from app.shell import training

    request = training.TrainRequest(preset, epochs, seconds_of(budget), device, seed, resume)
    with long_work() as (report, cancelled):
        run = training.train(project, request, report, cancelled)
    typer.echo(f"{project}: run {run.id}, epoch {run.epoch}, {run.best_bits:.3f} bits on held-out music")


@shell.command()
def generate(
    project: Project,
    count: Annotated[int, typer.Option(help="Number of clips.", min=1, max=10_000)],
    seconds: Annotated[float, typer.Option(help="Length of each clip.", min=0.1, max=3600)],
    checkpoint: Annotated[str, typer.Option(help="An epoch's number, last or best.")] = "last",
    temperature: Annotated[
        str, typer.Option(help="Below 1 tamer, above 1 wilder; or a curve over seconds: 0:0.9,20:1.1,30:0.9.")
    ] = "0.98",
    top_k: Annotated[int, typer.Option(help="Draw only from so many of the likeliest values; 0 for all.", min=0)] = 0,
    top_p: Annotated[float, typer.Option(help="Draw only from the likeliest values of this share.")] = 1.0,
    escape: Annotated[bool, typer.Option("--escape", help="Help clips out of loops, silence and noise.")] = False,
    seed: Seed = 0,
    prime: Annotated[Path | None, path_option(help="Music that the clips go on from.")] = None,
    silence: Annotated[
        bool, typer.Option("--silence", help="Begin in silence. Without it clips begin amid the music of the album.")
    ] = False,
    guide: GoingOn = None,
    follow: Follow = 1.0,
    form: Form = None,
    bpm: Bpm = None,
    heed: Heed = "both",
    notes: Fine = "fine",
    in_a_row: InARow = False,
    json: Json = False,
) -> None:
    """Generate clips from a checkpoint."""
    from app.studio.generation.continuing import guides_after
    from app.studio.generation.generate import ClipRequest, SamplingParameters, generate_in_groups
    from app.studio.training.train import found_runs, with_found_runs

    parameters = SamplingParameters(temperature_curve(temperature), top_k, top_p, escape)
    with held_project(project) as document, long_work() as (report, cancelled):
        document = with_found_runs(document, found_runs(project))
        try_writing(project)
        run, epoch = chosen_checkpoint(document, checkpoint)
        clips: list[Clip] = []
        along = guide_choice(guide or "album", follow, document, guide_form(form, bpm))
        along = heeding(along, heed, notes, in_a_row=in_a_row)
        goes_on = guide is None and prime is not None
        request = ClipRequest(
            run=run,
            epoch=epoch,
            count=count,
            seconds=seconds,
            seed=seed,
            parameters=parameters,
            prime=prime,
            in_silence=silence,
            guide=along,
            guides=guides_after(document, project, prime, seconds, along) * count if goes_on and prime else (),
        )
        for group in generate_in_groups(document, project, request, report, cancelled):
            clips += group
            document = add_clips(document, group)
            save_project(project, document)
    if json:
        show_json([to_builtins(clip) for clip in clips])
    else:
        typer.echo("\n".join(str(project / clip.file) for clip in clips))


@shell.command()
def titles(
    file: Annotated[list[Path] | None, path_argument(help="Text or CSV files of titles.")] = None,
    artist: Annotated[
        str | None, typer.Option(help="Look this artist's songs up at musicbrainz.org.", show_default=False)
    ] = None,
    count: Annotated[int, typer.Option(help="How many to invent.", min=1, max=100_000)] = 20,
    order: Annotated[int, typer.Option(help="2 is wilder, 3 stays closer to the originals.", min=2, max=3)] = 3,
    by: Annotated[str, typer.Option(help="Build them by letter or by word.")] = "letter",
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Invent titles, the best first."""
    from app.shell.titles import corpus_of
    from titles import TitleSettings, invent

    with long_work() as (report, cancelled):
        corpus = corpus_of(file or (), artist, report, cancelled)
    invented = invent(corpus, count, TitleSettings(order=order, by=by, seed=seed))
    if invented.note:
        complain(invented.note)
    if json:
        show_json(invented.titles)
    else:
        typer.echo("\n".join(invented.titles))


@shell.command()
def artwork(
    out: Annotated[Path, path_option(help="The new cover, .jpg or .png.")],
    image: Annotated[
        Path | None, path_argument(help="The old cover; without it, photographs alone or the title in type.")
    ] = None,
    photos: Photos = None,
    method: Annotated[
        str | None, typer.Option(help="self: the cover made of itself; photos: of photographs.", show_default=False)
    ] = None,
    pieces: Annotated[float, typer.Option(help="The pieces come from pictures shrunken to one over this.")] = round(
        _COVER.pieces
    ),
    strength: Annotated[float, typer.Option(help="Style over content, 0 to 1.")] = _COVER.strength,
    blend: Annotated[
        str, typer.Option(help="How photographs are laid over each other: overlay, soft light, screen or multiply.")
    ] = _COVER.mode,
    weight: Annotated[
        float, typer.Option(help="How strongly each further photograph is laid over, 0 to 1.")
    ] = _COVER.weight,
    network: Annotated[
        bool, typer.Option("--network", help="By the network of the paper, where it is on this computer.")
    ] = False,
    network_file: Annotated[Path | None, path_option(help="The same, taken from this copy of it first.")] = None,
    title: Annotated[str, typer.Option(help="Set on the cover in type.", show_default=False)] = "",
    artist: Annotated[str, typer.Option(help="Set on the cover in type.", show_default=False)] = "",
    size: Annotated[int, typer.Option(help="Side in pixels.", min=64, max=6000)] = 3000,
    seed: Seed = 0,
) -> None:
    """Make a new cover out of an old one."""
    from app.shell.pictures import PictureOptions, make_picture

    options = PictureOptions(
        out=out,
        image=image,
        photos=photos,
        method=method,
        settings=CoverSettings(pieces=pieces, strength=strength, mode=blend, weight=weight, network=network),
        network_file=network_file,
        title=title,
        artist=artist,
        size=size,
        seed=seed,
    )
    with long_work() as (report, cancelled):
        make_picture(options, report, cancelled)
    typer.echo(out)


shell.add_typer(exporting)
shell.command()(again)
shell.command()(studio)


@shell.command()
def measures(
    project: Project,
    bits: Annotated[bool, typer.Option("--bits", help="Ask each clip's model how likely it is, too; slower.")] = False,
    json: Json = False,
) -> None:
    """Measure the clips of a project: how close to the album, how new, how lively they are."""
    from app.shell.measures import measures_in_words, measures_of_clips

    with long_work() as (report, cancelled):
        rows = measures_of_clips(project, report, cancelled, with_bits=bits)
    if json:
        show_json(rows)
    else:
        typer.echo(measures_in_words(rows))


@shell.command()
def info(
    path: Annotated[Path, path_argument(help="A project, a checkpoint or a sound file.")],
    json: Json = False,
) -> None:
    """Tell what is known of a project, a checkpoint or a sound file."""
    with long_work() as (report, cancelled):
        facts = facts_of(path, report, cancelled)
    if json:
        show_json(facts)
    else:
        typer.echo(in_words(facts))

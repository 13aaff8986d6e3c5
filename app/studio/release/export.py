"""Export: the finished album as a folder that appears whole or not at all."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import accumulate
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from app.document.errors import UserError
from app.document.lengths import gap_after
from app.document.model import SONG_RATE, Project, Song
from app.document.unfinished import flush_files, move_to_free, unfinished_folder
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.loudness import MUCH_OFFSET, Block, Measured, decibels, integrated
from app.studio.audio.mix import Mixer
from app.studio.finish.chosen import ChosenFinish, chosen_finish
from app.studio.release.about import about_release, write_about
from app.studio.release.credits import named_album
from app.studio.release.effort import Effort, Listening, effort_of_export
from app.studio.release.files import FORMATS, Format, check_tags, is_silent, measure_file, write_song
from app.studio.release.levels import LOSSY_CEILING_DB, PROMISED_PEAK_DB, Levels, find_levels, notes_on
from app.studio.release.lists import Listed, write_cue_sheet, write_playlist
from app.studio.release.names import free_place, song_name
from app.studio.release.page import PageHead, PageSong, page
from app.studio.release.record import Told, write_record
from app.studio.release.render import Render, rendered
from app.studio.release.room import check_room, needed_bytes
from app.studio.release.tags import SongTags, write_tags
from resources.files import make_folder
from resources.progress import Cancelled, Report, between, forward_only, never, no_report, stop_if

COVER = "cover.jpg"
COVER_SIDE = 3000
EMBEDDED_SIDE = 1200
_RENDER = ".render"
"""Where a song lies while it is written in every format."""
_LOSSY_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Title:
    song: Song
    text: str
    mixer: Mixer
    gap: int
    """Frames of silence that follow."""

    @property
    def frames(self) -> int:
        return self.mixer.frames + self.gap

    def blocks(self) -> Iterator[Block]:
        yield from self.mixer.blocks()
        if self.gap:
            yield np.zeros((self.gap, 2), np.float32)


def export_release(
    project: Project, folder: Path, out: Path, *, report: Report = no_report, cancelled: Cancelled = never
) -> Path:
    """Writes the release of the project in `folder` into a new folder in `out`, "Artist - Title".

    Songs without sections are left out. All files are opened again and checked before the folder takes its name.

    Returns:
        The folder of the release.

    Raises:
        UserError: nothing to export, no room, or a file that did not come out right; nothing is left behind.
        concurrent.futures.CancelledError: once `cancelled()`; nothing is left behind.
    """
    report = forward_only(report)
    report(0.0, "Opening the clips")
    finish = chosen_finish(project, folder)
    sounds = ClipSounds(folder, project.clips, finish)
    titles = _titles(project, sounds)
    forms = [FORMATS[name] for name in project.release.formats]
    check_room(out, needed_bytes(project))
    used = [part.clip for title in titles for lane in title.song.lanes for part in lane.sections]
    effort = effort_of_export(project, folder, used, sum(title.frames for title in titles), report)
    sounds.prepare(used, effort.part("open"), cancelled)
    effort.end("open")
    with unfinished_folder(out) as place:
        levels = _listen(titles, project, effort, cancelled)
        for title, song in zip(titles, levels.songs, strict=True):
            if is_silent(*song.songs):
                raise UserError(
                    f"“{title.text}” is silent from start to end.",
                    "Look at its lanes for mute, solo and missing clips, or take it off the album.",
                )
        told = Told()
        cover = _paint(project, folder, place, effort.part("cover"), cancelled, told.problems.append)
        effort.end("cover")
        release = _Release(project, place, forms, titles, levels, cover)
        release.finish = finish
        measured = release.write(effort, cancelled)
        last = effort.part("end")
        last(0.0, "Writing playlist and page")
        release.write_lists()
        told.problems += [*sounds.problems.values(), *release.too_high(measured), *release.off_centre(measured)]
        told.notes += notes_on(levels, project.release.loudness)
        release.write_page(measured, told)
        release.write_about(folder, cancelled)
        _check_leaflets(place, len(titles), forms)
        last(0.9, "Writing it to the disk")
        flush_files(place)
        stop_if(cancelled)
        name = move_to_free(place, lambda: free_place(out, project.release.artist, release.name))
    report(1.0, "The album is finished")
    return name


def _titles(project: Project, sounds: ClipSounds) -> list[_Title]:
    songs = [song for song in project.songs if song.frames]
    if not songs:
        raise UserError("There is no song to export.", "Place clips on a song in Arrange, or use “Make it for me…”.")
    gaps = [round(gap_after(project, song) * SONG_RATE) for song in songs[:-1]]
    return [
        _Title(song, song.title or f"Untitled {place}", Mixer(song, sounds), gap)
        for place, (song, gap) in enumerate(zip(songs, [*gaps, 0], strict=True), start=1)
    ]


def _listen(titles: Sequence[_Title], project: Project, effort: Effort, cancelled: Cancelled) -> Levels:
    listening = Listening(effort, sum(title.frames for title in titles))

    def listened(title: _Title) -> Iterator[Block]:
        for block in listening.to(title.blocks()):
            stop_if(cancelled)
            yield block

    levels = find_levels([partial(listened, title) for title in titles], project.release)
    listening.end()
    return levels


def _paint(
    project: Project,
    folder: Path,
    place: Path,
    report: Report,
    cancelled: Cancelled,
    problem: Callable[[str], object],
) -> bytes:
    """Writes `cover.jpg`; gives the smaller JPEG that goes into the sound files."""
    from app.studio.artwork.covers import final_cover
    from artwork.rendering import Rendering

    rendering = Rendering(COVER_SIDE, report=report, cancelled=cancelled)
    path = final_cover(project, folder, place / COVER, rendering, problem)
    jpeg = io.BytesIO()
    with Image.open(path) as picture:
        side = (EMBEDDED_SIDE, EMBEDDED_SIDE)
        picture.convert("RGB").resize(side, Image.Resampling.LANCZOS).save(jpeg, "JPEG", quality=88)
    return jpeg.getvalue()


class _Release:
    """One release on its way into its folder."""

    def __init__(
        self,
        project: Project,
        place: Path,
        forms: Sequence[Format],
        titles: Sequence[_Title],
        levels: Levels,
        cover: bytes,
    ) -> None:
        self._project, self._place, self._forms = project, place, forms
        self._titles, self._levels, self._cover = titles, levels, cover
        self.name = project.release.title or "Untitled album"
        self.finish: ChosenFinish | None = None
        self._artist = project.release.artist

    def write(self, effort: Effort, cancelled: Cancelled) -> dict[str, list[Measured]]:
        """All sound files; gives what each measures once it is decoded again, by format."""
        for form in self._forms:
            make_folder(self._folder(form))
        frames = [0, *accumulate(title.frames for title in self._titles)]
        measured: dict[str, list[Measured]] = {form.name: [] for form in self._forms}
        for number, title in enumerate(self._titles, start=1):
            with rendered(title.blocks(), self._place / _RENDER, cancelled) as render:
                for form in self._forms:
                    whole = effort.part(form.name)
                    part = between(whole, frames[number - 1] / frames[-1], frames[number] / frames[-1])
                    measured[form.name].append(self._write_song(form, number, render, part, cancelled))
        for form in self._forms:
            effort.end(form.name)
        self._tag(measured)
        return measured

    def _folder(self, form: Format) -> Path:
        return folder_of(self._place, form, self._forms)

    def _path(self, form: Format, number: int) -> Path:
        return self._folder(form) / song_name(number, len(self._titles), self._titles[number - 1].text, form.suffix)

    def _write_song(self, form: Format, number: int, render: Render, report: Report, cancelled: Cancelled) -> Measured:
        """Writes and measures one file; a lossy one whose peaks grew in the coding is written again, limited lower."""
        path, levels = self._path(form, number), self._levels
        doing = f"Writing song {number} of {len(self._titles)} as {form.title}"
        ceiling = LOSSY_CEILING_DB
        for _ in range(_LOSSY_TRIES):
            if form.lossy:
                sound = levels.apply_for_lossy(number - 1, render.blocks(), ceiling)
            else:
                sound = levels.apply(number - 1, render.blocks())
            write_song(path, form, _told(sound, render.frames, report, doing), number, cancelled)
            measured = measure_file(path, form, render.frames, cancelled)
            over = decibels(measured.true_peak) - PROMISED_PEAK_DB
            if over <= 0 or not levels.may_limit:
                break
            ceiling -= over + 0.1
        else:
            raise UserError(f"The peaks of “{path.name}” could not be held.", "Choose a lower loudness and try again.")
        if is_silent(measured):
            raise UserError(f"“{path.name}” came out silent.", "Try again, or to another disk.")
        return measured

    def _tag(self, measured: dict[str, list[Measured]]) -> None:
        facts = self._project.release.facts
        for form in self._forms:
            songs = measured[form.name]
            peak = max(song.true_peak for song in songs)
            for number, song in enumerate(songs, start=1):
                tags = SongTags(
                    title=self._titles[number - 1].text,
                    artist=self._artist,
                    album=self.name,
                    number=number,
                    total=len(songs),
                    date=facts.date or str(date.today().year),
                    comment=comment(self._project),
                    lufs=_finite(song.lufs),
                    peak=song.true_peak,
                    album_lufs=_finite(integrated(songs)),
                    album_peak=peak,
                    cover=self._cover,
                    cover_side=EMBEDDED_SIDE,
                    genre=facts.genre,
                    composer=facts.composer,
                    label=facts.label,
                    upc=facts.upc,
                    isrc=self._titles[number - 1].song.isrc,
                )
                write_tags(self._path(form, number), form.suffix, tags)
                check_tags(self._path(form, number), tags)

    def write_lists(self) -> None:
        """A playlist for each format, and a cue sheet where it is lossless; the cover, too, in a folder of its own."""
        for form in self._forms:
            folder = self._folder(form)
            songs = [
                Listed(self._path(form, number).name, title.text, title.frames / SONG_RATE)
                for number, title in enumerate(self._titles, start=1)
            ]
            write_playlist(folder, self.name, self._artist, songs)
            if not form.lossy:
                write_cue_sheet(folder, self.name, self._artist, songs)
            if folder != self._place:
                shutil.copyfile(self._place / COVER, folder / COVER)

    def off_centre(self, measured: dict[str, list[Measured]]) -> Iterator[str]:
        """What to say of songs whose files do not lie around zero, in whichever format."""
        for title, songs in zip(self._titles, zip(*measured.values(), strict=True), strict=True):
            offset = max(song.offset for song in songs)
            if offset > MUCH_OFFSET:
                yield f"“{title.text}” lies {100 * offset:.1f} % of full scale beside zero."

    def too_high(self, measured: dict[str, list[Measured]]) -> Iterator[str]:
        """What to say of songs whose peaks were left as they are, or grew in the coding, and reach too high."""
        for title, files in zip(self._titles, zip(*measured.values(), strict=True), strict=True):
            peak = decibels(max(one.true_peak for one in files))
            if peak > PROMISED_PEAK_DB:
                cut = ": what is above 0 is cut off" if peak > 0 else ""
                yield f"The peaks of “{title.text}” reach {peak:+.1f} dBTP{cut}.".replace("-", "−")

    def write_page(self, measured: dict[str, list[Measured]], told: Told) -> None:
        """The page for people, and the same figures for programs."""
        songs = tuple(_titled(title) for title in self._titles)
        write_record(self._place, self.name, self._project.release, self._levels, measured, told)
        first = next(iter(measured))
        sounds = [self._path(FORMATS[first], number).relative_to(self._place) for number in range(1, len(songs) + 1)]
        heard = [PageSong(*one) for one in zip(songs, measured[first], (s.as_posix() for s in sounds), strict=True)]
        head = PageHead(self.name, self._artist, self._cover)
        formats = [FORMATS[name].words for name in measured]
        text = page(self._project, head, heard, self._levels, formats, self.finish)
        (self._place / "how it was made.html").write_text(text, encoding="utf-8")

    def write_about(self, folder: Path, cancelled: Cancelled) -> None:
        """From what each section was drawn, for programs."""
        songs = [_titled(title) for title in self._titles]
        write_about(about_release(self._project, folder, songs, cancelled), self._place)


def _titled(title: _Title) -> Song:
    return msgspec.structs.replace(title.song, title=title.text)


def comment(project: Project) -> str:
    """What a file says of how it was made, in a sentence or two."""
    source = named_album(project)
    learnt = f" that learnt from {source}" if source else ""
    return (
        f"Made with Deep Cuts: all sound was generated by a neural network (SampleRNN){learnt}, then cut and arranged."
    )


def _finite(lufs: float) -> float:
    return max(lufs, -70.0)


def _told(blocks: Iterable[Block], frames: int, report: Report, doing: str) -> Iterator[Block]:
    done = 0
    for block in blocks:
        report(0.7 * done / frames, doing)
        yield block
        done += len(block)


def folder_of(release: Path, form: Format, forms: Sequence[Format]) -> Path:
    """Where the songs of a format lie: with no other format beside it, in the release itself."""
    return release / form.title if len(forms) > 1 else release


def _check_leaflets(place: Path, songs: int, forms: Sequence[Format]) -> None:
    """Opens what lies beside the songs once more."""
    with Image.open(place / COVER) as cover:
        cover.load()
        right = cover.size == (COVER_SIDE, COVER_SIDE)
    for form in forms:
        folder = folder_of(place, form, forms)
        files = {path.name for path in folder.iterdir()}
        listed = [
            line
            for playlist in folder.glob("*.m3u8")
            for line in playlist.read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")
        ]
        right = right and len(listed) == songs and files.issuperset((*listed, COVER))
    if not right:
        raise UserError("The release did not come out whole.", "Nothing was exported; try again, or to another disk.")

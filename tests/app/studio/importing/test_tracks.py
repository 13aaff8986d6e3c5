"""What is read from the tags and the sound of each file."""

from __future__ import annotations

from pathlib import Path

import mutagen
import numpy as np
import soundfile
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TALB, TDRC, TIT2, TPE1, TPOS, TRCK

from app.document.edits.album import add_album
from app.document.model import Project
from app.document.store import ProjectFolder
from app.studio.analysis.peaks import kept_peaks
from app.studio.importing.album import import_album
from samplernn.audio.reading import write_sound
from tests.app.studio.importing.album_files import names, sound


def test_tags_are_read_from_every_kind_of_file(music: Path, project: Path) -> None:
    for ending in ("flac", "ogg", "opus"):
        path = music / f"{ending}.{ending}"
        if ending == "opus":
            write_sound(path, np.full(9_600, 0.1, np.float32), 48_000, format="opus")
        else:
            sound(path)
        file = mutagen.File(path)
        file.update(title="Megtört Álom", artist="Band", album="Disc", tracknumber="7/12", date="2008-05-01")
        file.save()
    sound(music / "mp3.mp3")
    tags = ID3()
    tags.setall("TIT2", [TIT2(text="Megtört Álom")])
    tags.setall("TPE1", [TPE1(text="Band")])
    tags.setall("TALB", [TALB(text="Disc")])
    tags.setall("TRCK", [TRCK(text="7/12")])
    tags.setall("TDRC", [TDRC(text="2008-05-01")])
    tags.save(music / "mp3.mp3")
    wave = mutagen.File(sound(music / "wav.wav"))
    wave.add_tags()
    for tag in tags.values():
        wave.tags.add(tag)
    wave.save()
    imported = import_album([music], project)
    assert len(imported.album.tracks) == 5
    for track in imported.album.tracks:
        assert (track.title, track.artist, track.number) == ("Megtört Álom", "Band", 7)
    album = imported.album
    assert (album.title, album.artist, album.year) == ("Disc", "Band", "2008")


def test_discs_and_numbers_come_before_names(music: Path, project: Path) -> None:
    for name, disc, number in (("a", 2, 1), ("b", 1, 2), ("c", 1, 10), ("d", 1, 1), ("e", 0, 0)):
        path = sound(music / f"{name}.mp3")
        tags = ID3()
        if disc:
            tags.add(TPOS(text=f"{disc}/2"))
            tags.add(TRCK(text=str(number)))
        tags.save(path)
    assert names(import_album([music], project)) == ["e.mp3", "d.mp3", "b.mp3", "c.mp3", "a.mp3"]


def test_the_artist_of_most_tracks_is_the_artist(music: Path, project: Path) -> None:
    for number, artist in enumerate(["A", "A", "A", "B"]):
        path = sound(music / f"{number}.flac")
        file = FLAC(path)
        file.update(artist=artist, album="X" if number else "Y")
        file.save()
    album = import_album([music], project).album
    assert (album.title, album.artist) == ("X", "A")


def test_a_track_tells_what_it_holds(music: Path, project: Path) -> None:
    stereo = np.full((88_200, 2), 0.25, np.float32) * np.sin(np.arange(88_200))[:, None].astype(np.float32)
    write_sound(music / "song.flac", stereo, 44_100)
    (track,) = import_album([music / "song.flac"], project).album.tracks
    assert (track.rate, track.channels, track.format, track.seconds) == (44_100, 2, "FLAC", 2.0)
    assert track.path == str(music / "song.flac")
    assert track.on
    assert track.notes == ("very short",)
    peaks = kept_peaks(music / "song.flac", ProjectFolder(project).cache)
    assert peaks is not None
    assert peaks.samples == 88_200


def test_silence_is_switched_off_and_cut_files_are_remarked(music: Path, project: Path) -> None:
    write_sound(music / "a quiet.flac", np.zeros(160_000, np.float32), 8_000)
    whole = sound(music / "b cut.ogg", seconds=40.0)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    quiet, cut = import_album([music], project).album.tracks
    assert (quiet.on, quiet.notes) == (False, ("mostly silence",))
    assert (cut.on, cut.notes) == (True, ("cut off in the middle",))


def test_long_stems_with_a_hit_each_are_two_tracks(music: Path, project: Path) -> None:
    """Silence for minutes, and one hit in each, where a glance at the files would not find it."""
    rate = 8_000
    for name, at in (("01 kick", 31.7), ("02 crash", 40.3)):
        stem = np.zeros(240 * rate, np.float32)
        stem[round(at * rate) : round(at * rate) + 400] = 0.8
        soundfile.write(music / f"{name}.wav", stem, rate)
    album = import_album([music], project).album
    assert len({track.fingerprint for track in album.tracks}) == 2
    assert [track.title for track in add_album(Project(), album).album.tracks] == ["Kick", "Crash"]

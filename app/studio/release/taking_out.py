"""A clip, a section or a song as a sound file that another program can take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from app.document.clip_names import clip_name
from app.document.errors import UserError
from app.document.file_names import file_name
from app.document.model import Clip, Lane, Project, Section, Song
from app.document.song_part import SongPart
from app.document.store import ProjectFolder
from app.studio.audio.clip_sound import ClipSounds
from app.studio.audio.loudness import Block
from app.studio.audio.mix import Mixer
from app.studio.finish.chosen import chosen_finish, name_of
from app.studio.release.files import rounded_to_24
from app.studio.release.riff import acid_chunk, append_chunks, info_chunk
from resources.files import is_there, make_folder, replacing
from resources.progress import Cancelled, never, stop_if
from samplernn.audio.reading import Encoding, write_blocks

_VERSION = 2
"""Of how they are made: those of an older one are made again."""
_PIECE = 1 << 16
_OFF_BEAT_SECONDS = 0.02
"""By so much a loop may be off a whole number of beats."""
_UNITY_DB = 10 * np.log10(2)
"""What a pan in the middle takes off each side."""


def clip_alone(clip: Clip) -> SongPart:
    """All of a clip in the middle, as loud as it is, as something that sounds by itself."""
    frames = max(clip.frames, 1)
    section = Section(id="x1", clip=clip.id, start=0, offset=0, length=frames, gain_db=float(_UNITY_DB))
    song = Song(id="s1", lanes=(Lane(id="l1", sections=(section,)),))
    return SongPart("song", clip_name(clip), song, (clip,), 0, frames)


def take_out(project: Project, folder: Path, part: SongPart, cancelled: Cancelled = never) -> Path:
    """A WAV file of it: stereo of 24 bits at 44.1 kHz, as loud as it is arranged, with the finish of the project.

    It stays where it is, as other programs may play it from there: in `taken-out` in the project. One that was made
    already is not made again. A loop, which is whole beats long, carries its tempo (acid chunk); anything of a known
    tempo has it in its tags.

    Raises:
        UserError: it cannot be written, or none of its clips can be played; nothing half-written is left.
        SoundError: the same, as libsndfile says it.
        concurrent.futures.CancelledError: once `cancelled()`.
    """
    finish = chosen_finish(project, folder)
    states = [_state(folder / clip.file) for clip in part.clips]
    made_of = (_VERSION, name_of(finish), part.song.lanes, part.clips, states, part.start, part.frames, part.bpm)
    key = hashlib.sha256(msgspec.json.encode(made_of)).hexdigest()[:12]
    place = ProjectFolder(folder).taken_out / key
    path = place / f"{file_name(part.name)}.wav"
    if is_there(path):
        return path
    sounds = ClipSounds(folder, part.clips, finish)
    used = {section.clip for lane in part.song.lanes for section in lane.sections}
    sounds.prepare(used, cancelled=cancelled)
    if used <= sounds.problems.keys():
        raise UserError(next(iter(sounds.problems.values()), "Nothing of it can be heard."), "Choose something else.")
    try:
        make_folder(place.parent)
        make_folder(place)
        with replacing(path) as fresh:
            mixed = rounded_to_24(_blocks(Mixer(part.song, sounds), part, cancelled))
            write_blocks(fresh, mixed, Mixer.rate, 2, format=Encoding("wav", "PCM_24"), cancelled=cancelled)
            _tag(fresh, part)
    except OSError as error:
        raise UserError.from_os_error(f"“{path.name}” cannot be written", error) from error
    return path


def _state(path: Path) -> tuple[int, int] | None:
    """Another one whenever a file is; None while it is not there: what was silent then is made anew."""
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return None
    return stat.st_size, stat.st_mtime_ns


def beats_of(part: SongPart) -> int:
    """How many beats a loop has; 0 for what is not whole beats long, or of no known tempo."""
    if part.bpm is None:
        return 0
    beats = part.seconds * part.bpm / 60
    off = abs(beats - round(beats)) * 60 / part.bpm
    return round(beats) if off <= _OFF_BEAT_SECONDS else 0


def _blocks(mixer: Mixer, part: SongPart, cancelled: Cancelled) -> Iterator[Block]:
    for done in range(0, part.frames, _PIECE):
        stop_if(cancelled)
        yield mixer.mix(part.start + done, min(_PIECE, part.frames - done))


def _tag(path: Path, part: SongPart) -> None:
    from mutagen import id3
    from mutagen.wave import WAVE

    beats = beats_of(part)
    chunks = [acid_chunk(part.bpm, beats)] if part.bpm is not None and beats else []
    append_chunks(path, [*chunks, info_chunk({"INAM": part.name, "ISFT": "Deep Cuts"})])
    file = WAVE(path)
    file.add_tags()
    file.tags.add(id3.TIT2(encoding=id3.Encoding.UTF8, text=part.name))
    if part.bpm is not None:
        file.tags.add(id3.TBPM(encoding=id3.Encoding.UTF8, text=f"{part.bpm:.2f}".rstrip("0").rstrip(".")))
    file.save()

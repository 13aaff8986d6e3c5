"""Of several continuations the one that leads to what stands after comes first; where a clip began, others begin."""

from __future__ import annotations

from concurrent.futures import CancelledError
from dataclasses import replace as replace_ways
from pathlib import Path

import numpy as np
import pytest
import soundfile
from msgspec.structs import replace

from app.document.edits.replacing import Passage, passage_of
from app.document.errors import UserError
from app.document.model import SONG_RATE, Project
from app.document.tree import clip_of
from app.studio.generation.continuing import Continuation, continue_clip
from app.studio.generation.replacing import ReplacementRequest, Replacements, Ways, bits_of_ways, replace_passage
from samplernn.audio.reading import Encoding, write_sound
from samplernn.checkpoint import CheckpointMetadata, save_checkpoint
from samplernn.checkpoint_paths import checkpoint_path
from samplernn.guides.guide_file import write_guide
from tests.app.conftest import add_checkpoints
from tests.app.studio.generation.test_continuing import on_and_off
from tests.samplernn.generation.loops import loop, model_of_loop

RATE = 4000
Made = tuple[Path, Project]


def passage(project: Project) -> Passage:
    """From 1.5 s to 2.43 s of c0006, which strikes every half second."""
    return passage_of(project, "x1", (SONG_RATE, round(1.93 * SONG_RATE)))


def test_what_truly_leads_there_is_likeliest(tmp_path: Path) -> None:
    """For a model that knows a loop by heart, and ways that go on in it, out of step, and not at all."""
    (tmp_path / "checkpoints").mkdir()
    checkpoint, model = checkpoint_path(tmp_path, 3), model_of_loop()
    metadata = CheckpointMetadata(
        run="run-1", preset="sketch", model=model.config, rate=RATE, epoch=3, step=30, train_bits=1.0,
        held_out_bits=1.0, seconds=1.0,
    )  # fmt: skip
    save_checkpoint(checkpoint, model.state_dict(), metadata)
    noise = np.random.default_rng(0).uniform(-0.8, 0.8, 3200).astype(np.float32)
    sounds = {"clip": loop(0, 9600), "noise": noise, "late": loop(20, 3200), "true": loop(0, 3200)}
    for name, sound in sounds.items():
        write_sound(tmp_path / f"{name}.wav", sound, RATE, format=Encoding("wav", subtype="FLOAT"))
    files = tuple(tmp_path / f"{name}.wav" for name in ("noise", "true", "late"))
    clip = tmp_path / "clip.wav"
    ways = Ways(checkpoint, clip, 0.8, files, 0.48, clip, 1.28, 0.016, guided=False)
    bits = bits_of_ways(ways)
    assert bits[1] < min(bits[0], bits[2]) - 0.5
    half_a_second = bits_of_ways(replace_ways(ways, after_seconds=0.5))
    assert half_a_second[1] == min(half_a_second) < min(half_a_second[0], half_a_second[2])
    elsewhere = bits_of_ways(replace_ways(ways, after_start=1.28 + 20 / RATE))  # to which the one out of step leads
    assert elsewhere[2] == min(elsewhere)


def test_the_likeliest_comes_first_and_all_are_as_long_as_the_stretch_and_a_bit(made_project: Made) -> None:
    folder, project = made_project
    add_checkpoints(folder, 12)
    asked = passage(project)
    made = replace_passage(project, folder, ReplacementRequest(asked, 3, seed=7))
    assert sorted(clip.seed for clip in made.clips) == [7, 8, 9]
    assert list(made.bits) == sorted(made.bits)
    assert made.bits[0] < made.bits[-1]
    assert made.shift / SONG_RATE == pytest.approx(0.07, abs=0.02)  # what stands after sets in on its next stroke
    seconds = (asked.end + made.shift - asked.start) / SONG_RATE
    ways = Ways(
        checkpoint_path(folder / "runs/run-1", 12), folder / "clips/c0006.flac", 1.5,
        tuple(folder / clip.file for clip in made.clips), seconds, folder / "clips/c0006.flac",
        (asked.after.frame + made.shift) / SONG_RATE, 0.5, guided=False,
    )  # fmt: skip
    assert bits_of_ways(ways) == pytest.approx(made.bits)
    for clip in made.clips:
        assert clip.seconds == pytest.approx(seconds + 0.5, abs=0.001)
    lead, last = made.bits[1] - made.bits[0], made.bits[2] - made.bits[0]
    assert f"takes {lead:.3f} bits a sample less than behind the next best, {last:.3f} less than" in made.why
    assert Replacements(made.clips[:1], made.bits[:1], 0).why == ""


def test_cancelling_leaves_nothing_also_while_the_model_is_asked(made_project: Made) -> None:
    folder, project = made_project
    with pytest.raises(UserError, match="Nothing has been learnt"):
        replace_passage(project, folder, ReplacementRequest(passage(project), 2, seed=1))
    add_checkpoints(folder, 12)
    before = sorted(path.name for path in (folder / "clips").iterdir())
    for moment in ("", "Asking the model"):
        said = [""]

        def cancelled(moment: str = moment, said: list[str] = said) -> bool:
            return said[-1] == moment

        def report(fraction: float, words: str, said: list[str] = said) -> None:
            assert 0.0 <= fraction <= 1.0
            said.append(words)

        with pytest.raises(CancelledError):
            replace_passage(project, folder, ReplacementRequest(passage(project), 2, seed=1), report, cancelled)
        assert sorted(path.name for path in (folder / "clips").iterdir()) == before


def test_a_guide_goes_on_through_the_stretch(made_project: Made) -> None:
    folder, project = made_project
    add_checkpoints(folder, 12)
    clip = clip_of(project, "c0006")
    write_guide((folder / clip.file).with_suffix(".guide"), on_and_off(10.0, follow=0.9))
    made = replace_passage(project, folder, ReplacementRequest(passage(project), 2, seed=1))
    assert [each.guide for each in made.clips] == ["on and off"] * 2
    assert made.clips[0].tempo is not None
    assert made.clips[0].tempo.first_beat == pytest.approx(0.5)


def test_where_a_clip_began_others_begin(made_project: Made) -> None:
    """A clip that went on from another one is made again, to the last bit, by the seed that it had."""
    folder, project = made_project
    add_checkpoints(folder, 12)
    clip = clip_of(project, "c0006")
    first, second = continue_clip(project, folder, Continuation(clip, 2 * SONG_RATE, 2, 0.5, seed=7))
    again, other = continue_clip(project, folder, Continuation(first, 0, 2, 0.5, seed=8))
    sounds = [soundfile.read(folder / each.file)[0] for each in (first, second, again, other)]
    np.testing.assert_array_equal(sounds[1], sounds[2])
    assert not np.array_equal(sounds[0], sounds[3])
    (folder / first.file).with_suffix(".json").write_text("{}")
    (begun,) = continue_clip(project, folder, Continuation(replace(first, guide=""), 0, 1, 0.5, seed=7))
    assert not np.array_equal(soundfile.read(folder / begun.file)[0], sounds[0])

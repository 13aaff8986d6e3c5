"""A file may take down the process that decodes it, and nothing else."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from PIL import Image

from samplernn.audio.reading import (
    CHANNELS_CANCEL,
    DecoderTags,
    MonoSound,
    decoder_tags,
    heard_in_mono,
    open_sound,
    probe,
    read_mono,
    read_sound,
)
from samplernn.audio.worker import INFO, NEXT, STOP, TAGS, decode_request
from samplernn.audio.worker_main import _MEMORY
from samplernn.audio.worker_process import FLAG
from samplernn.errors import SoundError
from tests.samplernn.audio.strange_files import RATE, tone

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "song.wav", np.tile(tone(1.0), 60), RATE)
    return tmp_path / "song.wav"


def workers() -> list[int]:
    """The processes that decode for this one."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            command = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == os.getpid() and b"run_worker" in command:
            found.append(int(place.name))
    return found


@on_linux
def test_a_decoder_that_falls_over_costs_one_file(song: Path) -> None:
    with open_sound(song) as stream:
        blocks = stream.blocks()
        next(blocks)
        for worker in workers():
            os.kill(worker, signal.SIGSEGV)
        with pytest.raises(SoundError, match="the decoder fell over on it"):
            list(blocks)
    assert len(read_sound(song)[0]) == 60 * RATE


@on_linux
def test_one_that_died_at_rest_costs_none(song: Path) -> None:
    probe(song)
    for worker in workers():
        os.kill(worker, signal.SIGKILL)
    assert len(read_sound(song)[0]) == 60 * RATE


@on_linux
def test_one_helper_reads_file_after_file(song: Path) -> None:
    probe(song)
    before = workers()
    for _ in range(20):
        probe(song)
        read_mono(song, 16_000)
    assert workers() == before


@on_linux
def test_a_file_cannot_take_all_memory(song: Path) -> None:
    probe(song)
    limits = [Path(f"/proc/{worker}/limits").read_text() for worker in workers()]
    (data,) = {line.split()[3] for text in limits for line in text.splitlines() if line.startswith("Max data size")}
    assert _MEMORY <= int(data) < 2 * _MEMORY


def test_reading_can_be_left_off_anywhere(song: Path) -> None:
    for count in (0, 1, 2, 5):
        with open_sound(song) as stream:
            blocks = stream.blocks()
            for _ in range(count):
                next(blocks)
        assert len(read_sound(song)[0]) == 60 * RATE


def test_cancelling_is_heard_between_blocks(song: Path) -> None:
    answers = iter([False, False, True])
    with pytest.raises(CancelledError), open_sound(song) as stream:
        list(stream.blocks(lambda: next(answers, True)))
    assert len(read_sound(song)[0]) == 60 * RATE


def test_many_threads_read_at_once(song: Path) -> None:
    expected = read_sound(song)[0]
    with ThreadPoolExecutor(4) as pool:
        for sound, _ in pool.map(read_sound, [song] * 12):
            assert np.array_equal(sound, expected)


def test_a_program_need_not_be_written_for_it(song: Path) -> None:
    """A script without the usual guard, as somebody might write it, is not run again by the worker."""
    script = song.with_name("script.py")
    script.write_text(
        "print('once')\nfrom pathlib import Path\n"
        f"from samplernn.audio.reading import probe\nprint(probe(Path({str(song)!r})))"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.count("once") == 1
    assert f"rate={RATE}" in done.stdout
    assert done.stderr == ""


def test_whoever_reads_loads_no_decoder(song: Path) -> None:
    code = (
        "import sys, pathlib; from samplernn.audio.reading import probe;"
        "probe(pathlib.Path(sys.argv[1])); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, song]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert not {"av", "torch", "PySide6"} & set(loaded)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_only_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for name, place in (("zero.wav", "/dev/zero"), ("null.wav", "/dev/null"), ("link.wav", tmp_path / "pipe.wav")):
        (tmp_path / name).symlink_to(place)
    for name in ("pipe.wav", "zero.wav", "null.wav", "link.wav"):
        with pytest.raises(SoundError, match="is no file, but a pipe or a device"):
            probe(tmp_path / name)
    for place in ("/proc/self/status", "/proc/self/mem", "/proc/kmsg"):
        with pytest.raises(SoundError):
            probe(Path(place))


@on_linux
def test_the_double_click_program_helps_itself(song: Path) -> None:
    """It is started by its flag, as there is no Python beside it."""
    from_it, worker_end_out = Pipe(duplex=False)
    worker_end_in, to_it = Pipe(duplex=False)
    numbers = worker_end_in.fileno(), worker_end_out.fileno()
    process = subprocess.Popen([sys.executable, "-m", "app", FLAG, *map(str, numbers)], pass_fds=numbers)
    with worker_end_in, worker_end_out, from_it:
        with to_it:
            to_it.send_bytes(decode_request(song))
            answer = from_it.recv_bytes()
            assert answer[:1] == INFO
            assert json.loads(answer[1:])["rate"] == RATE
            worker_end_in.close()
        assert process.wait(60) == 0  # no one is there any more


def worker_with(limit: float, requests: list[bytes]) -> tuple[int, list[bytes], str]:
    """What a worker of such a limit answers, how it ended, and the limit on it at its end."""
    code = (
        "import signal, sys; from samplernn.audio import worker_main;"
        "worker_main._PROCESSOR_SECONDS = float(sys.argv[3]);"
        "worker_main.run_worker(*sys.argv[1:3]); print(*signal.getitimer(signal.ITIMER_PROF))"
    )
    from_it, worker_end_out = Pipe(duplex=False)
    worker_end_in, to_it = Pipe(duplex=False)
    numbers = worker_end_in.fileno(), worker_end_out.fileno()
    command = [sys.executable, "-c", code, *map(str, numbers), str(limit)]
    process = subprocess.Popen(command, pass_fds=numbers, stdout=subprocess.PIPE, text=True)
    worker_end_in.close()
    worker_end_out.close()
    answers = []
    with from_it, to_it:
        try:
            for request in requests:
                to_it.send_bytes(request)
                if request != STOP:
                    answers.append(from_it.recv_bytes())
        except EOFError:
            pass
    return process.wait(60), answers, process.communicate()[0].strip()


@on_linux
def test_tags_are_not_looked_for_without_end(song: Path) -> None:
    """To load FFmpeg alone takes longer than this worker may compute."""
    assert worker_with(0.01, [TAGS + os.fsencode(song)]) == (-signal.SIGPROF, [], "")


@on_linux
def test_the_limit_is_for_one_request(song: Path) -> None:
    requests = [decode_request(song), NEXT, STOP], [TAGS + os.fsencode(song)]
    for some in requests:
        code, answers, limit = worker_with(1_000.0, some)
        assert (code, limit) == (0, "0.0 0.0")
        assert answers[0][:1] == INFO


def test_no_thread_is_needed(song: Path) -> None:
    before = threading.active_count()
    probe(song)
    assert threading.active_count() == before


def in_stereo(path: Path, left: np.ndarray, right: np.ndarray) -> Path:
    soundfile.write(path, np.stack([left, right], axis=1), RATE, subtype="FLOAT")
    return path


@pytest.mark.parametrize("share", [1.0, 0.6])
def test_channels_that_cancel_leave_one_to_be_heard(tmp_path: Path, share: float) -> None:
    sound = tone(4.0) * np.linspace(1.0, 0.5, 4 * RATE, dtype=np.float32)
    other = np.where(np.arange(len(sound)) < share * len(sound), -0.95 * sound, 0.95 * sound).astype(np.float32)
    path = in_stereo(tmp_path / "a.wav", sound, other)
    np.testing.assert_allclose(read_mono(path, RATE), sound, atol=1e-6)
    notes = heard_in_mono(path, lambda mono: list(mono.blocks()) and mono.notes)
    assert notes == (CHANNELS_CANCEL,)


def test_wide_music_is_still_mixed(tmp_path: Path) -> None:
    left, right = np.random.default_rng(5).normal(0, 0.1, (2, 4 * RATE)).astype(np.float32)
    path = in_stereo(tmp_path / "a.wav", left, right)
    np.testing.assert_allclose(read_mono(path, RATE), (left + right) / 2, atol=1e-6)
    tries: list[MonoSound] = []
    heard_in_mono(path, lambda mono: tries.append(mono) or list(mono.blocks()))  # type: ignore[func-returns-value]
    assert len(tries) == 1
    assert tries[0].notes == ()


def test_texts_and_pictures_are_found_by_the_helper_too(tmp_path: Path) -> None:
    picture = encode_picture()
    with av.open(tmp_path / "a.mka", "w") as file:
        stream = file.add_stream("pcm_s16le", rate=RATE, layout="mono")
        file.metadata["title"] = "Ordinal"
        file.add_attachment("cover.png", "image/png", picture)
        frame = av.AudioFrame.from_ndarray((tone(1.0) * 32_767).astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    found = decoder_tags(tmp_path / "a.mka")
    assert found.texts["title"] == "Ordinal"
    assert [one.data for one in found.pictures] == [picture]


def test_of_what_is_no_sound_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(bytes(1_000))
    secret = tmp_path / "secret.wav"
    soundfile.write(secret, tone(1.0), RATE)
    (tmp_path / "b.mp3").write_text(f"#EXTM3U\n#EXTINF:10,\n{secret}\n")
    for name in ("a.wav", "b.mp3", "gone.wav"):
        assert decoder_tags(tmp_path / name) == DecoderTags()


def encode_picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "PNG")
    return data.getvalue()

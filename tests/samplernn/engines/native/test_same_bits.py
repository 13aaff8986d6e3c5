"""A clip is the same to the last bit in any company, resumed anywhere, and made by any number of threads."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import numpy as np
import pytest

from samplernn.engines.folded import fold
from samplernn.engines.native_engine import NativeEngine
from samplernn.engines.recurrent_state import RecurrentState
from samplernn.engines.sampling_request import SamplingRequest
from samplernn.generation.priming import silence
from samplernn.presets import PRESETS


def made(
    folded, state: RecurrentState, request: SamplingRequest, **options
) -> tuple[np.ndarray, np.ndarray, RecurrentState]:
    engine = NativeEngine(folded, state, **options)
    odds = np.empty((*request.chances.shape, folded.config.levels), dtype=np.float32)
    return engine.make(request, odds), odds, engine.state()


def same(one: RecurrentState, other: RecurrentState) -> bool:
    pairs = [pair for states in zip(one.tiers, other.tiers, strict=True) for pair in zip(*states, strict=True)]
    return np.array_equal(one.past, other.past) and all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_alone_and_in_company(config, small, requests, instructions, precision):
    model = small.model_of(config).eval()
    folded, everyone = fold(model), silence(model, range(64))
    request = requests.asked(64, 48, temperature=0.8)
    options = {"instructions": instructions, "precision": precision}
    codes, odds, after = made(folded, everyone, request, threads=2, **options)
    for clips in ([5], [63, 0], [7, 8, 9], list(range(20, 28)), list(range(30, 60))):
        part = requests.part(request, clips, slice(None))
        some_codes, some_odds, some_after = made(folded, everyone.select(clips), part, threads=1, **options)
        assert np.array_equal(some_codes, codes[clips])
        assert np.array_equal(some_odds, odds[clips])
        assert same(some_after, after.select(clips))


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("clips", [1, 4, 9])
def test_with_any_number_of_threads(small, requests, precision, clips):
    wide = replace(PRESETS["paper"].model, layers=3, width=272, embedding=8)
    for config in (wide, replace(wide, cell="gru", skip=False), PRESETS["sketch"].model):
        model = small.model_of(config).eval()
        folded, state, request = fold(model), silence(model, range(clips)), requests.asked(clips, 48)
        codes, odds, after = made(folded, state, request, threads=1, precision=precision)
        for threads in (2, 3, 7):
            again, again_odds, again_after = made(folded, state, request, threads=threads, precision=precision)
            assert np.array_equal(again, codes)
            assert np.array_equal(again_odds, odds)
            assert same(again_after, after)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_resumed_anywhere(config, small, requests, precision):
    model = small.model_of(config).eval()
    folded, state, request = fold(model), silence(model, range(3)), requests.asked(3, 320)
    codes, odds, after = made(folded, state, request, precision=precision)
    begin, pieces, shares = 0, [], []
    for end in (16, 32, 112, 320):
        part = requests.part(request, [0, 1, 2], slice(begin, end))
        piece, share, state = made(folded, state, part, precision=precision)
        pieces.append(piece)
        shares.append(share)
        begin = end
    assert np.array_equal(np.concatenate(pieces, axis=1), codes)
    assert np.array_equal(np.concatenate(shares, axis=1), odds)
    assert same(state, after)


def test_long_clips_do_not_feel_how_they_were_cut(small, requests):
    """Longer than the memory of the past has room for, so that it starts over several times."""
    model = small.model_of(small.configs["as in sketch"]).eval()
    folded, state, request = fold(model), silence(model, range(2)), requests.asked(2, 8000)
    codes, _, after = made(folded, state, request)
    engine = NativeEngine(folded, state)
    begin, pieces = 0, []
    for end in (8, 1600, 1608, 5000, 8000):
        pieces.append(engine.make(requests.part(request, [0, 1], slice(begin, end))))
        begin = end
    assert np.array_equal(np.concatenate(pieces, axis=1), codes)
    assert same(engine.state(), after)
    engine.load_state(state)
    assert np.array_equal(engine.make(request), codes)


def test_threads_that_lose_their_processor_change_nothing(small, requests):
    """Several generators at once on few processors: parts of a step are taken over all the time."""
    model = small.model_of(replace(PRESETS["paper"].model, layers=2, width=272, embedding=8)).eval()
    folded, state, request = fold(model), silence(model, range(2)), requests.asked(2, 320)
    codes, _, _ = made(folded, state, request, threads=1)
    crowd = [NativeEngine(folded, state, threads=3) for _ in range((os.cpu_count() or 1) + 1)]
    results: list[np.ndarray] = []
    workers = [threading.Thread(target=lambda of=engine: results.append(of.make(request))) for engine in crowd]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == len(crowd)
    assert all(np.array_equal(result, codes) for result in results)

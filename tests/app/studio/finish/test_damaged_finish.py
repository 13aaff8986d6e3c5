"""Whatever a finish file says: it is none, or what it is put on stays finite and no louder than sound can be."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.model import SONG_RATE
from app.studio.finish.applying import apply_finish
from app.studio.finish.finish import AIR_BANDS, WIDTH_BANDS, Finish, load_finish, save_finish
from app.studio.finish.spectra import FEATURES
from tests.endurance.damaging import damaged_json

SOUND = np.random.default_rng(0).normal(0, 0.1, SONG_RATE // 2).astype(np.float32)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A finish as it is kept."""
    dice = np.random.default_rng(1)
    finish = Finish(
        air=dice.normal(0, 0.01, (FEATURES, AIR_BANDS)).astype(np.float32),
        width=dice.normal(0, 0.01, (FEATURES, WIDTH_BANDS)).astype(np.float32),
        air_limits=np.stack([np.full(AIR_BANDS, -80.0), np.full(AIR_BANDS, -30.0)]).astype(np.float32),
        width_limits=np.stack([np.full(WIDTH_BANDS, -30.0), np.full(WIDTH_BANDS, 3.0)]).astype(np.float32),
        copied=np.full(AIR_BANDS, 0.5, np.float32),
        has_air=True,
        has_width=True,
    )
    path = tmp_path_factory.mktemp("finish") / "finish.json"
    save_finish(finish, path, "music")
    return path.read_bytes()


def assert_harmless(path: Path, content: str | bytes) -> None:
    """What is said to be a finish, is none or does no harm to half a second of noise at -20 dB."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    finish = load_finish(path)
    if finish is not None:
        sound = apply_finish(SOUND, finish, 0, len(SOUND))
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() < 200


def test_a_whole_one_is_taken(tmp_path: Path, whole: bytes) -> None:
    assert_harmless(tmp_path / "finish.json", whole)
    assert load_finish(tmp_path / "finish.json", "music") is not None
    assert load_finish(tmp_path / "finish.json", "other music") is None


@pytest.mark.parametrize("name", ["air", "width", "air_limits", "width_limits", "copied"])
@pytest.mark.parametrize("value", [1e5, -1e5, 999_999, 60.0, 1.5, -0.5, float("nan"), float("inf"), 10**400])
def test_numbers_that_no_music_has(tmp_path: Path, whole: bytes, name: str, value: float) -> None:
    record = json.loads(whole)
    record[name][-1] = value
    assert_harmless(tmp_path / "finish.json", json.dumps(record))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_hostile_values_and_damaged_bytes(tmp_path_factory: pytest.TempPathFactory, whole: bytes, seed: int) -> None:
    assert_harmless(tmp_path_factory.mktemp("finish") / "finish.json", damaged_json(whole, random.Random(seed)))

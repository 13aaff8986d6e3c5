"""Codes from samples and back, for every quantiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samplernn.data.quantise import amplitudes, decode, encode, zero_code

laws = st.sampled_from(["mu-law", "linear"])
levels_of = st.sampled_from([16, 256, 512, 1024])


@given(law=laws, levels=levels_of)
def test_silence_is_the_middle_code_and_decodes_to_silence(law, levels):
    code = encode(np.zeros(3), levels, law)
    assert code.tolist() == [zero_code(levels)] * 3
    assert decode(code, levels, law).tolist() == [0.0, 0.0, 0.0]


@given(law=laws, levels=levels_of)
def test_codes_survive_a_round_trip(law, levels):
    codes = np.arange(levels)
    assert np.array_equal(encode(decode(codes, levels, law), levels, law), codes)


@given(law=laws, levels=levels_of, value=st.floats(-1, 1))
def test_the_code_is_among_the_two_nearest(law, levels, value):
    values = amplitudes(levels, law)
    code = int(encode(np.array([value]), levels, law)[0])
    below, above = max(code - 1, 0), min(code + 1, levels - 1)
    assert values[below] <= value + 1e-6 or code == 0
    assert value - 1e-6 <= values[above] or code == levels - 1


@pytest.mark.parametrize("law", ["mu-law", "linear"])
def test_decoding_is_unbiased(law):
    sound = np.random.default_rng(0).normal(0, 0.2, 200_000)
    sound = np.concatenate([sound, -sound])
    error = decode(encode(sound, 256, law), 256, law) - np.clip(sound, -1, 1)
    assert abs(error.mean()) < 1e-4


def test_too_loud_is_cut_and_stays_in_range():
    for law in ("mu-law", "linear"):
        assert encode(np.array([-7.0, 7.0]), 256, law).tolist() == [0, 255]

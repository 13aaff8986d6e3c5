"""The K weighting is that of the standard, at any rate, whether sound is filtered or its spectrum is weighted."""

from __future__ import annotations

import numpy as np
import pytest
from pyloudnorm import Meter
from scipy.signal import sosfreqz

from app.studio.audio.k_weighting import k_weighting, k_weights


def test_the_coefficients_at_48_khz_are_those_of_the_standard() -> None:
    """ITU-R BS.1770-4, annex 1, tables 1 and 2."""
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    assert k_weighting(48_000) == pytest.approx(np.array([shelf, high_pass]), abs=1e-9)


@pytest.mark.parametrize("rate", [16_000, 44_100, 96_000])
def test_other_rates_have_the_coefficients_of_pyloudnorm(rate: int) -> None:
    filters = Meter(rate, filter_class="DeMan")._filters.values()
    assert k_weighting(rate) == pytest.approx(np.array([[*one.b, *one.a] for one in filters]), abs=1e-12)


def test_spectra_are_weighted_as_the_filters_do() -> None:
    turns, response = sosfreqz(k_weighting(44_100), 2 * np.pi * np.arange(1, 441) / 882)
    assert len(turns) == 440
    assert k_weights(882, 44_100)[1:441] == pytest.approx(np.abs(response) ** 2, rel=1e-9)

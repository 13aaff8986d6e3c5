"""What the tests of the native generator share; they are skipped where it was not built."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from samplernn.engines.sampling_request import SamplingRequest
from samplernn.native.library import instruction_sets
from tests.samplernn.engines.odds import asked, forced


def _part(request: SamplingRequest, clips: list[int], samples: slice) -> SamplingRequest:
    return SamplingRequest(
        request.chances[clips, samples], request.temperature[clips, samples], request.top_k[clips], request.top_p[clips]
    )


@pytest.fixture(autouse=True)
def built(request) -> None:
    if not instruction_sets() and request.path.name != "test_library.py":
        pytest.skip("the native generator was not built here")


@pytest.fixture(scope="session")
def requests() -> SimpleNamespace:
    """asked(clips, samples, ...), part(request, clips, samples) and forced(model, state, codes, temperature)."""
    return SimpleNamespace(asked=asked, part=_part, forced=forced)

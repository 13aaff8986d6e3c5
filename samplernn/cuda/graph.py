"""CUDA graphs: work of a GPU that is recorded once and replayed."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable

import torch

_ONE_AT_A_TIME = threading.Lock()
"""PyTorch lets go of unused memory before it records, which must not happen while another thread records."""


def recorded(work: Callable[[], object], stream: torch.cuda.Stream | None = None) -> torch.cuda.CUDAGraph | None:
    """The kernels that `work` launches, without running them; None where that cannot be, or memory is too short."""
    graph = torch.cuda.CUDAGraph()
    try:
        with (
            _ONE_AT_A_TIME,
            warnings.catch_warnings(),
            torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"),
        ):
            warnings.simplefilter("ignore")  # of a graph that came to nothing
            work()
    except RuntimeError:
        return None
    return graph

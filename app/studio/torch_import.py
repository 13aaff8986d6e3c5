"""What one thread imports while another computes."""

from __future__ import annotations

import importlib
import sys


def wait_for_torch() -> None:
    """Returns once no other thread is in the middle of importing torch, which takes a second.

    scipy's functions look into whatever torch is loaded, and fail on one that is there by half.
    """
    if "torch" in sys.modules:
        importlib.import_module("torch")

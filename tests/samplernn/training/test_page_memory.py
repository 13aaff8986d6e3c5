"""Steps work in memory that the process has already."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

WORK = """
import resource, sys, threading
from samplernn.training.page_memory import keep_freed_memory
if sys.argv[1] == "kept":
    keep_freed_memory()
import numpy as np

def step():
    return [np.ones(2**18) for _ in range(8)]

def steps():
    for _ in range(5):
        step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        step()
    print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 20)

thread = threading.Thread(target=steps)
thread.start()
thread.join()
"""


@pytest.mark.skipif("CS_GNU_LIBC_VERSION" not in getattr(os, "confstr_names", ()), reason="only where there is glibc")
def test_a_step_works_in_the_memory_of_the_last_one():
    """Counted in pages that the system had to give, of 4096 that each step writes to."""

    def pages(how: str) -> int:
        return int(subprocess.run([sys.executable, "-c", WORK, how], capture_output=True, check=True, text=True).stdout)

    assert pages("as it comes") > 1000
    assert pages("kept") < 50

"""scipy is used by one thread while another imports torch."""

from __future__ import annotations

import subprocess
import sys


def test_scipy_waits_for_a_torch_that_is_being_imported() -> None:
    script = (
        "import sys, threading\n"
        "from scipy.signal import sosfilt\n"
        "import numpy as np\n"
        "from app.studio.torch_import import wait_for_torch\n"
        "loading = threading.Thread(target=lambda: __import__('torch'))\n"
        "loading.start()\n"
        "while 'torch' not in sys.modules: pass\n"
        "half = not hasattr(sys.modules['torch'], 'Tensor')\n"
        "wait_for_torch()\n"
        "sosfilt(np.array([[1.0, 0, 0, 1, 0, 0]]), np.zeros(8))\n"
        "loading.join()\n"
        "print(half)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"

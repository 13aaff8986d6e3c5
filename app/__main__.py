"""Where the program starts: the window, or a command of the shell."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys

from app.logs import start_logging
from app.process import calm_multimedia, raise_file_limit
from resources.streams import show_anything
from samplernn.audio.worker_process import FLAG
from samplernn.training.page_memory import keep_freed_memory


def main() -> None:
    if sys.argv[1:2] == [FLAG]:
        from samplernn.audio.worker_main import run_worker

        run_worker(*sys.argv[2:4])
        return
    multiprocessing.freeze_support()
    keep_freed_memory()
    raise_file_limit()
    calm_multimedia()
    _give_streams()
    show_anything()
    start_logging()
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    if arguments == ["--smoke-test"]:
        from app.smoke import smoke_test

        return smoke_test()
    from app.document.errors import UserError
    from app.document.given import given_in

    try:
        given = given_in(arguments)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given is None:
        from app.cli import run

        return run(arguments)
    if sys.platform == "win32":
        # On Windows, torch from 2.9 on does not load once Qt has: its c10.dll fails to start.
        import torch  # noqa: F401
    try:
        from app.desktop import run_desktop
    except ImportError as error:
        from app.libraries import no_window

        logging.getLogger("app").exception("Qt does not load")
        sys.stderr.write(f"{no_window(error)}\n")
        return 2
    return run_desktop(given)


def _give_streams() -> None:
    """A windowed program on Windows has no output; libraries that print would fail."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


if __name__ == "__main__":
    main()

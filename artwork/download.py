"""Fetching a large file, so that what has come is never lost."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path

from artwork.errors import PictureError
from resources.progress import Cancelled, Report, stop_if
from resources.redirects import opener

_CHUNK = 1 << 18
_PATIENCE_SECONDS = 5.0
"""How long nothing may come before it is asked for again; also how long a cancel may take on a dead line."""
_MOST_TRIES = 6
"""In a row that bring nothing."""
_PAUSE = 0.2
"""Between two tries, in patiences."""
_LONGEST_NUMBER = 19
_TRY_LATER = "What has come is kept: try again later, or choose the file from the disk."


def download(
    url: str, part: Path, size: int, report: Report, cancelled: Cancelled, patience: float = _PATIENCE_SECONDS
) -> None:
    """Brings the file `part` to the `size` bytes that `url` gives, going on after those that it has.

    A line that breaks is taken up again.

    Args:
        patience: seconds.

    Raises:
        PictureError: where it cannot be fetched or written, or `url` gives a file of another size.
        CancelledError: soon after `cancelled()`.
    """
    tries = 0
    while (have := _size(part)) < size:
        report(have / size, _progress(have, size))
        try:
            _go_on(url, part, size, report, cancelled, patience)
            why = "it sends less than the whole file"
        except urllib.error.HTTPError as error:
            if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
                raise _another_file() from None
            raise PictureError(f"The server refused: {error.code} {error.reason}.", _TRY_LATER) from error
        except (http.client.HTTPException, OSError) as error:
            why = _why(error)
        tries = 0 if _size(part) > have else tries + 1
        if tries == _MOST_TRIES:
            raise PictureError(f"The server cannot be reached: {why}.", _TRY_LATER)
        if tries:
            _wait(_PAUSE * patience, cancelled)
    if _size(part) > size:
        part.unlink()
        raise _another_file()


def _go_on(url: str, part: Path, size: int, report: Report, cancelled: Cancelled, patience: float) -> None:
    """Asks once, for what is missing, and writes what comes."""
    stop_if(cancelled)
    have = _size(part)
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with opener(other_hosts=True).open(request, timeout=patience) as answer:  # the caller knows the hash of the whole
        goes_on = answer.status == http.client.PARTIAL_CONTENT
        if _whole_size(answer, goes_on) not in (size, None):
            raise _another_file()
        at = have if goes_on else 0  # a server that cannot go on begins again
        try:
            with part.open("ab" if goes_on else "wb") as file:
                while at <= size and (chunk := _read(answer)):  # one that never ends must not fill the disk
                    file.write(chunk)
                    at += len(chunk)
                    report(min(1.0, at / size), _progress(at, size))
                    stop_if(cancelled)
        except _BrokenLineError as broken:
            raise broken.why from None
        except OSError as error:
            raise PictureError.from_os_error(f"“{part.name}” cannot be written", error) from error


class _BrokenLineError(Exception):
    """The line broke while it was read, as against the disk while it was written."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read1(_CHUNK)
    except (http.client.HTTPException, OSError) as error:
        raise _BrokenLineError(error) from error


def _whole_size(answer: http.client.HTTPResponse, goes_on: bool) -> int | None:
    """Of the file at the server, where it says so."""
    told = answer.headers.get("Content-Range", "").rpartition("/")[2] if goes_on else answer.headers["Content-Length"]
    return int(told) if told and told.isdecimal() and len(told) < _LONGEST_NUMBER else None


def _wait(seconds: float, cancelled: Cancelled) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        stop_if(cancelled)
        time.sleep(min(0.1, seconds))


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _progress(have: int, size: int) -> str:
    return f"{have / 1e6:.0f} of {size / 1e6:.0f} MB"


def _another_file() -> PictureError:
    return PictureError("The server has another file of this name.", "Choose the file from the disk.")


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    if isinstance(reason, TimeoutError):
        return "it does not answer"
    return str(getattr(reason, "strerror", None) or reason) or type(reason).__name__

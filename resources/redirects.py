"""Where a server may send a question on to, for whatever asks over the network."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from typing import IO
from urllib.parse import urlsplit


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows from https to nothing but https, and to another host only where that is allowed."""

    def __init__(self, other_hosts: bool) -> None:
        self._other_hosts = other_hosts

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme not in ("https", old.scheme):
            raise urllib.error.HTTPError(req.full_url, code, "it sends on to an address without https", headers, fp)
        if not self._other_hosts and new.hostname != old.hostname:
            raise urllib.error.HTTPError(req.full_url, code, "it sends on to another server", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def opener(*, other_hosts: bool) -> urllib.request.OpenerDirector:
    """What opens addresses over http and https.

    Args:
        other_hosts: whether a server may send on to another one: only where what comes is checked against a known hash.
    """
    return urllib.request.build_opener(_Redirects(other_hosts))

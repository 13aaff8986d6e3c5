"""What asks over the network is led nowhere that it should not go."""

from __future__ import annotations

import http.client
import io
import urllib.error
import urllib.request

import pytest

from resources.redirects import opener


def led(frm: str, to: str, *, other_hosts: bool) -> str:
    """Where the next question goes to; "" where none does."""
    handlers = [one for one in opener(other_hosts=other_hosts).handlers if hasattr(one, "redirect_request")]
    assert len(handlers) == 1
    try:
        headers = http.client.HTTPMessage()
        request = urllib.request.Request(frm)
        next_ = handlers[0].redirect_request(request, io.BytesIO(), 302, "Found", headers, to)
    except urllib.error.HTTPError:
        return ""
    return next_.full_url


@pytest.mark.parametrize("other_hosts", [False, True])
def test_https_is_never_left(other_hosts: bool) -> None:
    for to in ("http://a.org/x", "ftp://a.org/x", "file:///etc/passwd", "HTTP://a.org/"):
        assert led("https://a.org/", to, other_hosts=other_hosts) == ""
    assert led("https://a.org/", "https://a.org/x", other_hosts=other_hosts) == "https://a.org/x"
    assert led("http://a.org/", "https://a.org/x", other_hosts=other_hosts) == "https://a.org/x"
    assert led("http://a.org/", "ftp://a.org/x", other_hosts=other_hosts) == ""


def test_another_host_only_where_that_is_allowed() -> None:
    for to in ("https://b.org/", "https://a.org.b.org/", "https://a.org@b.org/"):
        assert led("https://a.org/", to, other_hosts=False) == ""
        assert led("https://a.org/", to, other_hosts=True) == to

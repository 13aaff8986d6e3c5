"""Lengths of time as they are typed in the shell (10m, 2h) and as they are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.errors import UserError
from app.shell.duration import parse_duration, say_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1.5m", 90),
        ("45", 45),
        (" 2 H ", 7200),
        ("1d", 86400),
    ],
)
def test_lengths_of_time_are_understood(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "0", "0m", "-5m", "soon", "10 bananas", "m", "1m2", "nan", "inf", "1e3", "9" * 400, "4000d"]
)
def test_anything_else_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(UserError, match="not a length of time") as told:
        parse_duration(text)
    assert "10m" in told.value.what_to_do


@given(st.integers(1, 10**6))
def test_what_is_said_can_be_typed_again(seconds: int) -> None:
    said = say_duration(seconds).replace("min", "m").replace("h ", "h").replace("m ", "m")
    assert abs(parse_duration(said) - seconds) < (1 if seconds < 3600 else 60)


def test_lengths_of_time_as_they_are_read() -> None:
    assert [say_duration(seconds) for seconds in (0.4, 45, 200, 3599.7, 7500)] == [
        "0 s",
        "45 s",
        "3 min 20 s",
        "1 h 00 min",
        "2 h 05 min",
    ]

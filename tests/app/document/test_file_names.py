"""Names that every system takes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.document.checking import stays_inside
from app.document.file_names import file_name, is_device


@given(st.text(max_size=300))
@example("NUL.txt")
@example("aux. " + "x" * 200)
@example("\ud800")
def test_any_title_becomes_a_name(title: str) -> None:
    name = file_name(title)
    assert name == file_name(name)
    assert 0 < len(name.encode()) <= 120
    assert not set(name) & set('/\\:*?"<>|\n\0')
    assert name == unicodedata.normalize("NFC", name)
    assert name[0] not in ". "
    assert name[-1] not in ". "
    assert not is_device(name)
    assert stays_inside(name)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Grind / Ascend", "Grind - Ascend"),
        ("AC/DC", "AC-DC"),
        ("...And Then?", "And Then"),
        ("Prelude: Ash", "Prelude - Ash"),
        ("con", "con_"),
        ("NUL.txt", "NUL_.txt"),
        ("com³", "com³_"),
        ("LPT9 .x", "LPT9_ .x"),
        ("CONIN$", "CONIN$_"),
        ("console", "console"),
        ("com", "com"),
        ("a\u202eb\u2066c", "abc"),
        ("  Wait.  ", "Wait"),
        ("", "Untitled"),
        ("???", "Untitled"),
        ("Ágnes\u0301", "Ágneś"),
    ],
)
def test_names(title: str, name: str) -> None:
    assert file_name(title) == name

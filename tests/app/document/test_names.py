"""Names are one line of visible letters, wherever they come from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.names import LONGEST_NAME, clean_name
from app.studio.one_line import clean


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Slow Rust", "Slow Rust"),
        ("  Slow   Rust\t", "Slow Rust"),
        ("Slow\nRust", "Slow Rust"),
        ("Slow\r\nRust", "Slow Rust"),
        ("Slow\u2028Rust", "Slow Rust"),
        ("Slow\u2029Rust", "Slow Rust"),
        ("Slow\u0085Rust", "Slow Rust"),
        ("Slow\x0bRust\x0c", "Slow Rust"),
        ("Slow\x00\x1b[31mRust", "Slow [31mRust"),
        ("\ud83dSlow", "Slow"),
        ("\ufeffSl\u200bow\u00ad", "Slow"),
        ("\u202eevil\u202c", "evil"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("👩\u200d🎤", "👩\u200d🎤"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("東京\u3000事変", "東京\u3000事変"),
        ("Cafe\u0301", "Café"),
        ("\n\t \u2028", ""),
        ("x" * 1000, "x" * LONGEST_NAME),
    ],
)
def test_what_is_typed_becomes_a_name(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_a_name_is_clean_once_and_for_all(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= LONGEST_NAME
    assert len(name.splitlines()) <= 1
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cs", "Zl", "Zp"}
    assert name == name.strip()
    assert clean_name(name) == name
    assert clean_name(clean(text)) == clean(text)
    name.encode("utf-8")


def test_accents_without_end_end() -> None:
    name = clean_name("a" + "\u0301\u0323" * 500_000)
    assert name.startswith("ạ")
    assert clean_name(name) == name

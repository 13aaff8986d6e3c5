"""Codes and dates of a release as people type them: brought into one form, or refused in a plain sentence."""

from __future__ import annotations

import re
from datetime import date

from app.document.errors import UserError

_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", re.ASCII)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", re.ASCII)


def isrc_of(text: str) -> str:
    """An ISRC in twelve signs, without the dashes it is printed with; "" for none.

    It has no check digit (ISO 3901): only its form can be looked at.

    Raises:
        UserError: it has another form.
    """
    code = re.sub(r"[\s.\-]", "", text).upper().removeprefix("ISRC")
    if code and not _ISRC.fullmatch(code):
        raise UserError(
            f"“{text.strip()}” is not an ISRC.",
            "It has two letters, three letters or digits, and seven digits, as QM-ABC-26-00001.",
        )
    return code


def upc_of(text: str) -> str:
    """A UPC (12 digits) or EAN (13) whose last digit is right; "" for none.

    Raises:
        UserError: it has another length, or its check digit is another one.
    """
    code = re.sub(r"[\s\-]", "", text)
    if not code:
        return ""
    if not re.fullmatch(r"[0-9]{12,13}", code, re.ASCII):
        raise UserError(f"“{text.strip()}” is not a UPC.", "It has 12 digits, or 13 as an EAN.")
    wanted = check_digit(code[:-1])
    if code[-1] != wanted:
        raise UserError(
            f"“{text.strip()}” is not a UPC: after {code[:-1]} the last digit would be {wanted}.",
            "Look for a digit that was mistyped.",
        )
    return code


def check_digit(digits: str) -> str:
    """The digit that goes behind these (GS1 General Specifications, 7.9.1): weights 3, 1, 3 ... from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def date_of(text: str) -> str:
    """A year, a month or a day as 2026, 2026-11 or 2026-11-30; "" for none.

    Raises:
        UserError: there is no such day.
    """
    found = _DATE.fullmatch(text.strip())
    if not text.strip():
        return ""
    try:
        if found is None:
            raise ValueError
        year, *rest = (int(part) for part in found.groups() if part is not None)
        date(year, *[*rest, 1, 1][:2])
    except ValueError:
        raise UserError(f"“{text.strip()}” is not a date.", "Write a year, or a day as 2026-11-30.") from None
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])

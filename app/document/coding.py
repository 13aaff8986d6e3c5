"""The document as JSON: what is written can always be read again, as the same value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from app.document.checking import NotKeepableError, check, place_of
from app.document.cleaning import with_clean_names
from app.document.errors import UserError
from app.document.migrations import MIGRATIONS
from app.document.model import SCHEMA_VERSION, Project
from resources.files import NotRegularError, open_regular

_LARGEST = 64 * 2**20
"""Bytes."""


class _Versioned(msgspec.Struct):
    version: int


def encoded(project: Project) -> bytes:
    """The document as it is saved.

    Raises:
        NotKeepableError: it could not be opened again.
    """
    try:
        text: bytes = msgspec.json.format(msgspec.json.encode(project), indent=1)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError, TypeError, ValueError):
        raise NotKeepableError("") from None
    if len(text) > _LARGEST:
        raise NotKeepableError("", "it has become too large")
    if decoded(text) != project:
        raise NotKeepableError("", "something in it would be another when it is opened again")
    return text


def read_bytes(path: Path) -> bytes:
    """Raises OSError where the file cannot be read, and NotKeepableError where it is no document at all."""
    try:
        with open_regular(path) as file:
            raw = file.read(_LARGEST + 1)
    except NotRegularError:
        raise NotKeepableError("", "it is no file") from None
    if len(raw) > _LARGEST:
        raise NotKeepableError("", "it is far too large to be a project")
    return raw


def decoded(raw: bytes) -> Project:
    """The document, of whichever version; its names are cleaned.

    Raises:
        NotKeepableError: it is damaged.
        UserError: it was written by a newer Deep Cuts.
    """
    try:
        version = msgspec.json.decode(raw, type=_Versioned).version
        if version > SCHEMA_VERSION:
            raise UserError(
                "This project was made by a newer Deep Cuts.", "Update Deep Cuts to open it; nothing was changed."
            )
        if version == SCHEMA_VERSION:
            project = msgspec.json.decode(raw, type=Project)
        else:
            project = msgspec.convert(_migrate(msgspec.json.decode(raw), version), type=Project)
    except msgspec.ValidationError as error:
        raise NotKeepableError(place_of(error), "" if place_of(error) else "it is not whole") from None
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError, RecursionError):
        raise NotKeepableError("", "it is not whole") from None
    project = with_clean_names(project)
    check(project)
    return project


def _migrate(raw: dict[str, Any], version: int) -> dict[str, Any]:
    for step in range(version, SCHEMA_VERSION):
        raw = MIGRATIONS[step](raw)
    return {**raw, "version": SCHEMA_VERSION}

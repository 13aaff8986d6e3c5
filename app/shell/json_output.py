"""Results as JSON, for scripts."""

from __future__ import annotations

import json
from typing import Any

import typer

from resources.streams import can_show


def show_json(value: Any) -> None:
    """Prints a value as JSON, in ASCII where stdout has no other letters."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    typer.echo(text if can_show(text) else json.dumps(value, indent=1))

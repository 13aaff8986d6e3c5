"""Warnings of the instrument reach the shell."""

from __future__ import annotations

import logging

from app.shell.running import warnings_said


def test_what_the_instrument_warns_of_is_said_in_the_shell(capsys):
    instrument = logging.getLogger("samplernn")
    with warnings_said():
        instrument.warning("It is %s.", "slow")
        instrument.info("It is.")
    instrument.info("Nobody listens any more.")
    assert capsys.readouterr().err == "It is slow.\n"

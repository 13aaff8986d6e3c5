"""What a system refuses is told in plain words, and in the same ones everywhere."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import app.document.errors
import artwork.errors
import samplernn.errors
import titles.errors
from resources.refusals import fault_in, plainly

_HOUSE = (
    samplernn.errors.SoundError,
    artwork.errors.PictureError,
    titles.errors.TitleError,
    app.document.errors.UserError,
)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "used up"), (errno.EACCES, "no permission"),
        (errno.EPERM, "no permission"), (errno.EROFS, "can only be read"), (errno.ENOENT, "not there"),
        (errno.EISDIR, "a folder"), (errno.ENAMETOOLONG, "too long"), (errno.EMFILE, "too many files"),
        (errno.EIO, "does not answer"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_own_words_in_every_part_of_the_house(number, why):
    said = {str(kind.from_os_error("“a” cannot be kept", OSError(number, os.strerror(number)))) for kind in _HOUSE}
    (sentence,) = said
    assert sentence.startswith("“a” cannot be kept: ")
    assert why in sentence
    assert os.strerror(number) not in sentence
    assert sentence.endswith(".")


def test_what_has_no_words_yet_is_told_as_the_system_says_it():
    assert plainly(OSError(errno.EPIPE, "Broken pipe"))[0] == "Broken pipe"
    assert plainly(OSError("3 requested and 0 written"))[0] == "the system refused it"


def test_the_refusal_in_the_words_of_a_library_is_found(tmp_path: Path):
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    with pytest.raises(SafetensorError) as caught:
        save_file({"a": torch.zeros(3)}, tmp_path / "none" / "a.safetensors")
    fault = fault_in(caught.value)
    assert fault is not None
    assert fault.errno == errno.ENOENT
    assert fault_in(ValueError("nothing of that")) is None

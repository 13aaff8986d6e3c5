"""What FFmpeg finds in a sound file besides the sound: texts and pictures, of formats that no reader of tags knows."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resources.files import open_regular
from samplernn.audio.ffmpeg_decoder import open_container

_MOST_PICTURES = 20
_LARGEST_PICTURE = 64 * 2**20


@dataclass(frozen=True)
class FoundPicture:
    """A picture inside a sound file, as found: not yet known to be one.

    Attributes:
        about: what it is of, in the words of the file or of its format; in small letters.
        is_attached: whether it is a file of its own within the file, rather than a picture of one of its streams.
    """

    data: bytes
    about: str
    is_attached: bool


@dataclass(frozen=True)
class DecoderTags:
    """Texts by their names in small letters, in which bytes that are no UTF-8 are kept as surrogates; and pictures."""

    texts: dict[str, str] = field(default_factory=dict)
    pictures: tuple[FoundPicture, ...] = ()

    def packed(self) -> bytes:
        """As text, which can be read without trusting whoever wrote it."""
        pictures = [(b64encode(one.data).decode(), one.about, one.is_attached) for one in self.pictures]
        return json.dumps({"texts": self.texts, "pictures": pictures}).encode()

    @staticmethod
    def unpacked(text: bytes) -> DecoderTags:
        """What `packed` made a text of; raises ValueError, KeyError or TypeError for any other text."""
        read = json.loads(text)
        pictures = tuple(FoundPicture(b64decode(data), about, attached) for data, about, attached in read["pictures"])
        return DecoderTags(read["texts"], pictures)


def read_decoder_tags(path: Path) -> DecoderTags:
    """What there is, in this very process; see `samplernn.audio.reading.decoder_tags`.

    Raises:
        Exception: where FFmpeg can make nothing of it.
    """
    with open_regular(path) as file, open_container(file, metadata_errors="surrogateescape") as container:
        texts: dict[str, str] = {}
        for metadata in (*(stream.metadata for stream in container.streams), container.metadata):
            texts |= {str(key).lower(): str(value) for key, value in metadata.items() if value.strip()}
        return DecoderTags(texts, tuple(_pictures(container))[:_MOST_PICTURES])


def _pictures(container: Any) -> Iterator[FoundPicture]:
    for stream in container.streams:
        if stream.type == "attachment" and str(getattr(stream, "mimetype", "")).startswith("image/"):
            data, about, is_attached = bytes(stream.data), str(getattr(stream, "name", "") or ""), True
        elif stream.type == "video" and "attached_pic" in stream.disposition.name:
            packet = next(container.demux(stream), None)
            data, about, is_attached = bytes(packet or b""), str(stream.metadata.get("comment", "")), False
        else:
            continue
        if 0 < len(data) <= _LARGEST_PICTURE:
            yield FoundPicture(data, about.lower(), is_attached)

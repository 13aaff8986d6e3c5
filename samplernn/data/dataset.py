"""A dataset: an album as one long mono recording on disk, split into a training, a validation and a test part."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from resources.files import open_regular, refuse_hollow
from samplernn.audio.signal_statistics import Span
from samplernn.data import split
from samplernn.data.dataset_index import DatasetIndex, read_index
from samplernn.data.split import CHUNK_SECONDS, Part
from samplernn.errors import SoundError
from samplernn.memory_map import open_mapped


class Dataset:
    """A prepared album; its samples stay on disk and are read as they are used.

    Attributes:
        sound: float32 [samples], mono, read-only and memory-mapped.
        rate: in Hz.
        gain: what the recordings were multiplied by.
        tracks: where each track lies in `sound`, in the order of `report.tracks`.
        train, valid, test: the spans of each part.
        report: what became of each track.
        key: names the tracks and settings that it was made from.
        index: what dataset.json holds.
    """

    def __init__(self, sound: NDArray[np.float32], index: DatasetIndex) -> None:
        self.sound = sound
        self.rate = index.report.rate
        self.gain = index.gain
        self.key = index.key
        self.report = index.report
        self.tracks = tuple(Span(*span) for span in index.spans)
        self.index = index
        self._parts = split.regions(self.tracks)

    @property
    def train(self) -> tuple[Span, ...]:
        """The spans that are learnt."""
        return self._parts["train"]

    @property
    def valid(self) -> tuple[Span, ...]:
        """The spans that a model is evaluated on after every epoch."""
        return self._parts["valid"]

    @property
    def test(self) -> tuple[Span, ...]:
        """The spans that nothing is chosen by."""
        return self._parts["test"]

    def spans(self, part: Part) -> tuple[Span, ...]:
        """The spans of a part of the split, one per track."""
        return self._parts[part]

    def samples(self, part: Part) -> NDArray[np.float32]:
        """All sound of a part, float32 [n], one span after another, in memory."""
        return np.concatenate([self.sound[start:stop] for start, stop in self._parts[part]])

    def chunks(self, part: Part, seconds: float = CHUNK_SECONDS) -> tuple[Span, ...]:
        """The part in chunks of equal length; see `samplernn.data.split.chunks`."""
        return split.chunks(self._parts[part], round(seconds * self.rate))

    def overlapping_chunks(self, count: int = 3200, seconds: float = CHUNK_SECONDS) -> tuple[Span, ...]:
        """The training part as the paper cut it; see `samplernn.data.split.overlapping_chunks`."""
        return split.overlapping_chunks(self.train, round(seconds * self.rate), count)

    @staticmethod
    def open(folder: Path) -> Dataset:
        """Opens the dataset in `folder`.

        Raises:
            SoundError: where there is none, or what is there is damaged.
        """
        damaged = SoundError("The prepared sound of this album is damaged.", "Prepare the album again.")
        try:
            index = read_index(folder)
            with open_regular(folder / index.sound) as file:
                refuse_hollow(file)
            sound = open_mapped(folder / index.sound)
        except FileNotFoundError:
            raise SoundError("This album has not been prepared yet.", "Prepare it first.") from None
        except PermissionError as error:
            raise SoundError.from_os_error("The prepared sound of this album cannot be opened", error) from error
        except (OSError, ValueError, EOFError, RecursionError, msgspec.MsgspecError) as error:
            raise damaged from error
        edges = [0, *(edge for span in index.spans for edge in span), index.samples]
        if sound.dtype != np.float32 or sound.shape != (index.samples,) or edges != sorted(edges):
            raise damaged
        if index.report.rate < 1 or len(index.spans) != len(index.report.tracks):
            raise damaged
        return Dataset(sound, index)

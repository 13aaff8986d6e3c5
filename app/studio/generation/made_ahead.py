"""What live sound was made ahead can be taken back: a change is heard soon, however much there was."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from app.studio.generation.passing_offset import OffsetState, PassingOffset

if TYPE_CHECKING:
    from samplernn.generation.stream import Stream, StreamState


class MadeAhead:
    """The states of a stream before each of the blocks that were made and not heard yet.

    It does not keep the stream, so that the model is freed with that.
    """

    def __init__(self, offset: PassingOffset) -> None:
        self._offset = offset
        self._states: deque[tuple[StreamState, OffsetState]] = deque()

    def remember(self, stream: Stream) -> None:
        """Notes the state before the block that is made next."""
        self._states.append((stream.state_dict(), self._offset.state))

    def forget(self, heard: int) -> None:
        """Lets go of the states before this sample."""
        while self._states and self._states[0][0]["samples"] < heard:
            self._states.popleft()

    def take_back(self, stream: Stream, keep: int) -> None:
        """Brings the stream back to where the first block begins that lies behind sample `keep`, if there is one."""
        found = None
        while self._states and self._states[-1][0]["samples"] >= keep:
            found = self._states.pop()
        if found is not None:
            state, self._offset.state = found
            stream.load_state_dict(state)

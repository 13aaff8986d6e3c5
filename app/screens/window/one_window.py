"""One window for each user: a second start hands over what it was given to the first, which comes to the front.

The first listens at a socket that only its user can reach, in the folder of the window's settings. A message is a line
of JSON, and is answered by one; whatever else comes is dropped. Who gets no answer opens a window of its own.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Annotated

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.document.given import Given
from app.screens.window.settings import default_memory_file
from resources.files import make_folders

_LONGEST = 1 << 20
"""Bytes of a message: a thousand files with long names."""
_PATIENCE_MS = 2_000
"""How long either side waits for the other."""
_ANSWER = b"taken\n"
_LONGEST_SOCKET_NAME = 100
"""Bytes; systems take 104 to 108."""

_File = Annotated[str, msgspec.Meta(min_length=1, max_length=32_000)]


class _Message(msgspec.Struct, forbid_unknown_fields=True):
    files: Annotated[list[_File], msgspec.Meta(max_length=1_000)]
    project: _File | None = None


def usual_name() -> str | None:
    """The name of this user's socket; None where the system has no room for it."""
    memory = default_memory_file()
    if sys.platform == "win32":
        return "deepcuts-" + hashlib.sha256(os.fsencode(memory)).hexdigest()[:32]
    name = str(memory.with_name("window.socket"))
    return name if len(os.fsencode(name)) <= _LONGEST_SOCKET_NAME else None


def hand_over(name: str, given: Given) -> bool:
    """Gives a window that is open already what this start was given; whether there is one that has taken it."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    message = _Message(list(map(str, given.files)), None if given.project is None else str(given.project))
    try:
        socket.write(msgspec.json.encode(message) + b"\n")
    except (UnicodeEncodeError, msgspec.MsgspecError):  # the bytes of a name that is no text
        return False
    answer = b""
    while len(answer) < len(_ANSWER) and socket.waitForReadyRead(_PATIENCE_MS):
        answer += bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return answer == _ANSWER


class FirstWindow(QObject):
    """Listens for later starts.

    Signals:
        given(Given): one was given this; perhaps nothing at all.
    """

    given = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self, name: str) -> bool:
        """Begins; takes the place of a socket that somebody left who was killed. Whether it could."""
        if sys.platform != "win32":
            try:
                make_folders(Path(name).parent)
            except OSError:
                return False
        if self._server.listen(name):
            return True
        QLocalServer.removeServer(name)
        return self._server.listen(name)

    def close(self) -> None:
        """Listens no longer."""
        self._server.close()

    @Slot()
    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            _Peer(socket, self)


class _Peer(QObject):
    """One who has something to say, for as long as we listen to it."""

    def __init__(self, socket: QLocalSocket, first: FirstWindow) -> None:
        super().__init__(socket)
        self._socket, self._first = socket, first
        self._heard = b""
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._read)
        QTimer.singleShot(_PATIENCE_MS, self, socket.abort)
        self._read()

    @Slot()
    def _read(self) -> None:
        self._heard += bytes(self._socket.read(_LONGEST + 1 - len(self._heard)).data())
        line, newline, more = self._heard.partition(b"\n")
        if len(self._heard) > _LONGEST or more:
            self._socket.abort()
            return
        if not newline:
            return
        try:
            message = msgspec.json.decode(line, type=_Message)
        except msgspec.MsgspecError:
            self._socket.abort()
            return
        self._socket.write(_ANSWER)
        self._socket.flush()
        self._socket.disconnectFromServer()
        self._first.given.emit(_given(message))


def _given(message: _Message) -> Given:
    """Paths that are not absolute would mean the folder that this process stands in: they are left out, as are those
    that nothing can have."""
    files = tuple(path for path in map(Path, message.files) if _can_be(path))
    project = Path(message.project) if message.project is not None else None
    return Given(project if project is not None and _can_be(project) else None, files)


def _can_be(path: Path) -> bool:
    return path.is_absolute() and "\0" not in str(path)

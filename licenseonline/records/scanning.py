"""Uploads are shown to ClamAV, when there is one: its INSTREAM protocol over a socket (CLAMAV_SOCKET)."""

import socket
import struct
from contextlib import closing
from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused

NONE, CLEAN = "none", "clean"
_SECONDS: Final = 60  # for each read and write
_PIECE: Final = 64 * 1024
_MOST_ANSWER: Final = 4096


def check(file: IO[bytes]) -> str:
    """Whether the file was looked at: `clean`, or `none` without ClamAV. The file is read from its beginning.

    Refused: `infected`; `scanner` when ClamAV is set and does not answer, because nothing passes unseen.
    """
    if not settings.CLAMAV_SOCKET:
        return NONE
    try:
        answer = _asked(file)
    except OSError:
        raise _down() from None
    if answer == "stream: OK":
        return CLEAN
    if answer.endswith(" FOUND"):
        message = _("このファイルからウイルスが検出されたため、受け付けられません。別のファイルをご用意ください。")
        raise Refused(message, code="infected")
    raise _down()


def _asked(file: IO[bytes]) -> str:
    with closing(_connected()) as clamd:
        clamd.sendall(b"zINSTREAM\0")
        file.seek(0)
        while piece := file.read(_PIECE):
            clamd.sendall(struct.pack("!I", len(piece)) + piece)
        clamd.sendall(struct.pack("!I", 0))
        answer = b""
        while len(answer) < _MOST_ANSWER and (piece := clamd.recv(_MOST_ANSWER)):
            answer += piece
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connected() -> socket.socket:
    """A path is a socket of this machine, else host:port."""
    where = settings.CLAMAV_SOCKET
    if "/" in where:
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(_SECONDS)
        try:
            clamd.connect(where)
        except OSError:
            clamd.close()
            raise
        return clamd
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)


def _down() -> Refused:
    message = _("ただいまファイルを確認できないため、受け付けられません。しばらくしてからもう一度お試しください。")
    return Refused(message, code="scanner")

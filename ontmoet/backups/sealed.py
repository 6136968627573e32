"""A stream that is sealed while it is written, piece by piece, so that its size does not matter.

The key comes from the token key of the installation and from a salt in the file. Each piece is sealed with
its number, and the last one as the last: pieces that were changed, moved, left out or cut off are noticed.
"""

from __future__ import annotations

import io
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from typing import BinaryIO

    from _typeshed import ReadableBuffer, WriteableBuffer

FIRST_LINE = b"ontmoet back-up 1\n"
PIECE = 1024 * 1024
_SALT, _TAG = 16, 16


class NotOurs(Exception):
    """The file is no back-up, is damaged, or was sealed with another key; the message says which."""


class Sealing(io.RawIOBase):
    """Seals what is written to it into `file`. Only after `close` is it whole."""

    def __init__(self, file: BinaryIO, *, key: str) -> None:
        super().__init__()
        salt = secrets.token_bytes(_SALT)
        file.write(FIRST_LINE + salt)
        self._file, self._cipher = file, _cipher(key, salt)
        self._kept, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        self._kept += data
        while len(self._kept) >= PIECE:
            self._put(bytes(self._kept[:PIECE]), is_last=False)
            del self._kept[:PIECE]
        return len(memoryview(data))

    def close(self) -> None:
        if not self.closed:
            # The last piece is shorter than the others, if only by one byte: so it is known by its size.
            self._put(bytes(self._kept), is_last=True)
        super().close()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), piece, None))
        self._number += 1


class Unsealing(io.RawIOBase):
    """What was sealed into `file`. Raises `NotOurs`, at the latest when it is read to its end."""

    def __init__(self, file: BinaryIO, *, key: str) -> None:
        super().__init__()
        if file.read(len(FIRST_LINE)) != FIRST_LINE:
            raise NotOurs("this is no back-up of Ontmoet")
        self._file, self._cipher = file, _cipher(key, file.read(_SALT))
        self._open, self._number, self._is_over = memoryview(b""), 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if not self._open and not self._is_over:
            self._open = memoryview(self._next())
        into = memoryview(buffer).cast("B")
        size = min(len(into), len(self._open))
        into[:size] = self._open[:size]
        self._open = self._open[size:]
        return size

    def _next(self) -> bytes:
        sealed = self._file.read(PIECE + _TAG)
        self._is_over = len(sealed) < PIECE + _TAG
        try:
            piece = self._cipher.decrypt(_nonce(self._number, is_last=self._is_over), sealed, None)
        except (InvalidTag, ValueError):
            why = "it is damaged" if self._number else "it was sealed with another TOKEN_KEY, or is damaged"
            raise NotOurs(f"the back-up cannot be opened: {why}") from None
        self._number += 1
        return piece


def _cipher(key: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"back-up").derive(key.encode()))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])

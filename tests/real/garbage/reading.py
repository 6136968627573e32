"""Which of its arguments a request read: whoever never looks at a value answers all values alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient

WHOLE = "?"
"""Stands for the query as it came, with all that is in it."""


class Readers:
    """The requests to an application that look at what they are given, as far as is known."""

    def __init__(self, app: Flask) -> None:
        self.names: set[str] = set()
        """Every argument that was looked for."""
        self._read: set[str] = set()
        self._deaf: set[object] = set()
        app.request_class = _noting(app.request_class, self._read)

    def statuses(
        self,
        client: FlaskClient,
        asked: Iterable[tuple[object, str]],
        arguments: Iterable[str],
        **headers: str,
    ) -> dict[str, int]:
        """The status of each address, by address. Its kind, the same for every value, stands before it: a
        kind that read none of the arguments is not asked with another value.
        """
        found = {}
        for kind, url in asked:
            if kind not in self._deaf:
                self._read.clear()
                found[url] = client.get(url, headers=headers).status_code
                if self._read.isdisjoint((WHOLE, *arguments)):
                    self._deaf.add(kind)
                self.names |= self._read - {WHOLE}
        return found


class Noted(ImmutableMultiDict[str, str]):
    """Arguments that note which of them is looked for."""

    read: set[str]

    def __getitem__(self, key: str) -> str:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, type: Any = None) -> list[Any]:
        self.read.add(key)
        return super().getlist(key, type)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def keys(self) -> Any:
        self.read.update(dict.keys(self))
        return super().keys()

    def values(self) -> Any:
        self.read.update(dict.keys(self))
        return super().values()

    def items(self, multi: bool = False) -> Any:
        self.read.update(dict.keys(self))
        return super().items(multi)

    def lists(self) -> Any:
        self.read.update(dict.keys(self))
        return super().lists()

    def to_dict(self, flat: bool = True) -> Any:
        self.read.update(dict.keys(self))
        return super().to_dict(flat)


def _noting(request_class: type[Any], read: set[str]) -> type[Any]:
    class Request(request_class):  # type: ignore[misc]
        @cached_property
        def args(self) -> Any:
            already = WHOLE in read
            found = Noted(super().args)
            found.read = read
            if not already:
                # It was only taken apart: nobody looked at it yet.
                read.discard(WHOLE)
            return found

        @property
        def query_string(self) -> bytes:
            read.add(WHOLE)
            return self._query_string

        @query_string.setter
        def query_string(self, value: bytes) -> None:
            self._query_string = value

    return Request

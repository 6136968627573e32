"""Keys of De Linde behind a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ontmoet.kernel.tokens import new_public_id

if TYPE_CHECKING:
    from tests.real.browser import Browser
    from tests.real.server import Server
    from tests.real.world import World

KEEPER = "bram@proef.example"
MADE_AT = 1_764_000_000
"""In November 2025: long before the moment of the tests."""


def add_key(world: World) -> str:
    """A new key in the cabinet; its public id."""
    public_id = new_public_id()
    at = MADE_AT if world.url.startswith("sqlite") else "2025-11-24T16:00:00+00:00"
    world.run(
        "insert into key (room_id, opens, made_at) values (:room, 'voordeur', :at)",
        room=world.hood.linde,
        at=at,
    )
    world.run(
        "insert into key_copy (public_id, key_id, room_id, number, tag_edition, made_at) select :public_id,"
        " max(key.id), :room, (select coalesce(max(number), 0) + 1 from key_copy), 1, :at from key",
        public_id=public_id,
        room=world.hood.linde,
        at=at,
    )
    one_sided = "0" if world.url.startswith("sqlite") else "false"
    world.run(
        "insert into custody (copy_id, holder, holder_name, since, is_one_sided, note)"  # noqa: S608 - our own
        f" select id, 'cabinet', '', :at, {one_sided}, '' from key_copy where public_id = :public_id",
        public_id=public_id,
        at=at,
    )
    return public_id


def custody_of(world: World, key: str) -> int:
    """What the page of this key would show."""
    return world.number(
        "select custody.id from custody join key_copy on key_copy.id = custody.copy_id"
        " where key_copy.public_id = :key and until is null",
        key=key,
    )


def signed_in_keeper(server: Server) -> Browser:
    """Whoever hands out keys, with a token for forms."""
    return server.browser().sign_in(KEEPER)


def give(keeper: Browser, key: str, custody: int, name: str) -> bytes:
    """Handing the key to somebody by name, as it goes over the line."""
    fields = {"custody": str(custody), "who": name, "due": "tonight"}
    return keeper.post_bytes(f"/sleutels/{key}/geef", fields)

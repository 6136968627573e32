"""A photo keeps its pixels and nothing else; what is no photo is refused, however it is dressed."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from ontmoet.bookings.photos import MOST_PIXELS, NoPhoto, shrink
from tests.bookings.pictures import GPS_TAG, a_picture


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_becomes_a_small_jpeg(kind: str) -> None:
    small = opened(shrink(a_picture(kind, (3000, 1500))))
    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (1600, 800))


def test_small_photo_is_not_blown_up() -> None:
    assert opened(shrink(a_picture("PNG", (40, 30)))).size == (40, 30)


def test_nothing_but_pixels_is_kept() -> None:
    raw = a_picture("JPEG", (800, 600), remark=b"bij Noor thuis")
    assert GPS_TAG in Image.open(io.BytesIO(raw)).getexif()
    assert b"bij Noor thuis" in raw
    kept = shrink(raw)
    assert dict(opened(kept).getexif()) == {}
    assert opened(kept).info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    for secret in (b"bij Noor thuis", b"Exif", b"Telefoon", b"ICC"):
        assert secret not in kept


def test_photo_is_upright_although_nothing_says_so_any_more() -> None:
    assert opened(shrink(a_picture("JPEG", (800, 600), turned=True))).size == (600, 800)


def test_what_is_seen_through_becomes_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(clear, "PNG")
    assert opened(shrink(clear.getvalue())).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_kind_is_refused(kind: str) -> None:
    with pytest.raises(NoPhoto):
        shrink(a_picture(kind, (200, 100)))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>x</title>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00" * 5000,
    ],
)
def test_what_is_no_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(NoPhoto):
        shrink(raw)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_picture_that_breaks_off_is_refused(kind: str, share: float) -> None:
    raw = a_picture(kind, (600, 400))
    with pytest.raises(NoPhoto):
        shrink(raw[: int(len(raw) * share)])


def test_small_file_that_unpacks_to_far_too_much_is_refused_before_it_is_unpacked() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    bomb += chunk(b"IDAT", zlib.compress(b"\x00" * 1_000_000)) + chunk(b"IEND", b"")
    assert len(bomb) < 5_000
    assert MOST_PIXELS < 60_000**2
    with pytest.raises(NoPhoto):
        shrink(bomb)


def test_picture_too_large_to_unpack_whole_is_refused_unless_it_can_be_read_smaller() -> None:
    size = (6_000, 5_000)
    assert opened(shrink(a_picture("JPEG", size))).size == (1600, 1333)
    whole = io.BytesIO()
    Image.new("RGB", size).save(whole, "PNG", compress_level=1)
    with pytest.raises(NoPhoto):
        shrink(whole.getvalue())


def test_garbage_in_the_middle_of_a_picture_never_breaks_anything() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        raw = bytearray(a_picture(kind, (200, 150)))
        for place in range(0, len(raw), max(1, len(raw) // 60)):
            spoilt = bytes(raw[:place]) + bytes([raw[place] ^ 0xFF]) + bytes(raw[place + 1 :])
            try:
                assert opened(shrink(spoilt)).format == "JPEG"
            except NoPhoto:
                continue

"""Pictures as phones send them."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

GPS_TAG = 0x8825
ORIENTATION, MAKER = 0x0112, 0x010F


def a_picture(
    kind: str = "JPEG", size: tuple[int, int] = (800, 600), *, remark: bytes = b"", turned: bool = False
) -> bytes:
    """A picture with a gradient, and in a JPEG where and with what it was taken."""
    gradient = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (gradient, gradient.rotate(180), gradient))
    written = io.BytesIO()
    if kind == "JPEG":
        exif = Image.Exif()
        exif[MAKER] = "Telefoon"
        exif[ORIENTATION] = 6 if turned else 1
        exif.get_ifd(GPS_TAG)[2] = (52.0, 5.0, 7.0)
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        picture.save(written, kind, exif=exif, icc_profile=profile, comment=remark)
    else:
        picture.save(written, kind)
    return written.getvalue()

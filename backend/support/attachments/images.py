"""Images are decoded and written anew: what was sent is never what others get.

So nothing hides behind the picture: no place and time of taking (EXIF), no thumbnail of what was
cut away, no script behind the last byte.
"""

import logging
import threading
from io import BytesIO

from PIL import Image, ImageOps

from backend.core.errors import Invalid, Unavailable

log = logging.getLogger("attachments")

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 20_000_000
LONGEST_SIDE = 2560
JPEG, PNG = "image/jpeg", "image/png"

# An image of 20 megapixels takes some 200 MB while it is written anew, and a core for a second.
_PLACES = threading.BoundedSemaphore(2)
_PATIENCE_SECONDS = 15


def is_image(data: bytes) -> bool:
    """Say whether the first bytes are of a format we take; what follows may still be broken."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
    )  # fmt: skip


def rewrite(data: bytes) -> tuple[str, bytes]:
    """Return content type and bytes of the same picture, upright, smaller and bare.

    Of a moving image the first frame stays: phones send their still photographs as such, and what
    people see must be what was checked. Raises Invalid, Unavailable.
    """
    if not _PLACES.acquire(timeout=_PATIENCE_SECONDS):
        raise Unavailable("attachments_busy", "正在处理的图片较多，请稍后再试。")
    try:
        return _rewrite(data)
    except Invalid:
        raise
    except Exception as error:  # a decoder fails on foreign bytes in any way it likes
        log.info("image refused", extra={"problem": type(error).__name__})
        raise Invalid("file", "图片已损坏或无法识别，请重新选择。") from None
    finally:
        _PLACES.release()


def _rewrite(data: bytes) -> tuple[str, bytes]:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:  # of the header; nothing is decoded yet
            raise Invalid("file", "图片超过 2000 万像素，请缩小后上传。")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        upright = ImageOps.exif_transpose(image)
    mode = "RGBA" if _is_transparent(upright) else "RGB"
    # Onto a new one: an image carries its metadata along into whatever it is saved as.
    bare = Image.new(mode, upright.size)
    bare.paste(upright.convert(mode))
    written = BytesIO()
    if mode == "RGBA":
        bare.save(written, "PNG", optimize=False)
        return PNG, written.getvalue()
    bare.save(written, "JPEG", quality=85, optimize=True)
    return JPEG, written.getvalue()


def _is_transparent(image: Image.Image) -> bool:
    if not image.has_transparency_data:
        return False
    lowest, _highest = image.convert("RGBA").getchannel("A").getextrema()
    return isinstance(lowest, (int, float)) and lowest < 255

"""Mini-program codes without a limit of number.

`scene`: 1 to 32 visible ASCII characters without `%`. `page`: no leading slash, no query, and known
to the released version unless `check_path` is false. Success is an image, failure JSON, both 200.
"""

import base64
import json
import re
import struct

from flask import Blueprint, Response

from wechat_sandbox.answers import Refusal, body, text
from wechat_sandbox.state import state

blueprint = Blueprint("wxacode", __name__)

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
LONGEST_PAGE = 1024
VERSIONS = ("", "release", "trial", "develop")
# Eight by eight grey pixels.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI//////////////////////"
    "//////////////////////////////wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL"
    "/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRol"
    "JicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6"
    "ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/ALtf/9k="
)


@blueprint.post("/wxa/getwxacodeunlimit")
def code() -> Response:
    """Draw a small grey JPEG; what was asked for rides in its comment segment, as JSON."""
    given = body()
    scene, page, version = text(given, "scene"), text(given, "page"), text(given, "env_version")
    if not 1 <= len(scene) <= 32:
        raise Refusal(40169)
    if not SCENE.fullmatch(scene):
        raise Refusal(40129)
    width = given.get("width", 430)
    if not isinstance(width, int) or not 280 <= width <= 1280 or version not in VERSIONS:
        raise Refusal(40097)
    check_page(page, check_path=given.get("check_path", True) is not False)
    asked = {"scene": scene, "page": page, "env_version": version or "release", "width": width}
    return Response(_with_comment(json.dumps(asked).encode()), content_type="image/jpeg")


def check_page(page: str, *, check_path: bool) -> None:
    """Raise Refusal 41030. Without a page the code opens the first page."""
    unknown = check_path and state().pages and page not in state().pages
    if page and (page.startswith("/") or "?" in page or len(page) > LONGEST_PAGE or unknown):
        raise Refusal(41030)


def _with_comment(comment: bytes) -> bytes:
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return JPEG[:2] + segment + JPEG[2:]

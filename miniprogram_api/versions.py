"""Which version somebody read of what two may write: `If-Match` and `ETag` (api.md)."""

import re

from flask import request

from backend.core.errors import Invalid, VersionRequired

VERSION = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The `ETag` that was read",
}
_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


def read(thing: str) -> int:
    """Return the version that was read of a thing, which is called so in words. Raises
    VersionRequired, Invalid."""
    tag = request.headers.get("If-Match")
    if tag is None:
        raise VersionRequired("version_required", f"请先打开{thing}，再保存修改。")
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        raise Invalid("if_match", f"If-Match 应为打开{thing}时得到的 ETag。")
    return int(found[1])


def tagged(version: int) -> dict[str, str]:
    """Return the header that tells the version which is answered."""
    return {"ETag": f'"{version}"'}

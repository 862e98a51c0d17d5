"""From what somebody sent to what is kept: recognised, bounded, written anew, named."""

from dataclasses import dataclass
from urllib.parse import quote

from backend.core.errors import Invalid, TooLarge
from backend.support.attachments import documents, images, names
from backend.support.attachments.models import AttachmentKind

MEGABYTE = 1024 * 1024
LARGEST_IMAGE, LARGEST_DOCUMENT = 10 * MEGABYTE, 20 * MEGABYTE
EXTENSIONS = {images.JPEG: "jpg", images.PNG: "png"}


@dataclass(frozen=True)
class Ready:
    """What will be stored, and as what."""

    kind: AttachmentKind
    content_type: str
    name: str
    data: bytes

    @property
    def disposition(self) -> str:
        return disposition(self.kind, self.name)


def prepare(name: str, data: bytes) -> Ready:
    """Return what is to be kept of a file; `name` is what its sender calls it.

    Raises Invalid `file`, TooLarge, Unavailable.
    """
    if not data:
        raise Invalid("file", "文件是空的，请重新选择。")
    if len(data) > LARGEST_DOCUMENT:
        raise too_large()
    if images.is_image(data):
        if len(data) > LARGEST_IMAGE:
            raise too_large()
        content_type, rewritten = images.rewrite(data)
        called = names.clean(name, EXTENSIONS[content_type])
        return Ready(AttachmentKind.IMAGE, content_type, called, rewritten)
    found = documents.recognise(data)
    if found is None:
        raise Invalid(
            "file", "仅支持图片（JPEG、PNG、WebP）、PDF 和 Word、Excel、PowerPoint 文件。"
        )
    return Ready(found.kind, found.content_type, names.clean(name, found.extension), data)


def too_large() -> TooLarge:
    return TooLarge("attachment_too_large", "图片不能超过 10 MB，文档不能超过 20 MB。")


def disposition(kind: AttachmentKind, name: str) -> str:
    """Return the header: images are looked at, documents saved (RFC 6266, name after RFC 8187)."""
    how = "inline" if kind is AttachmentKind.IMAGE else "attachment"
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}"

"""Reads the one file of a multipart body, and the few words beside it. Only what takes files takes
such bodies, or so large."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any, NoReturn

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from backend.core.errors import TooLarge
from miniprogram_api.body import storable, unprocessable

# Boundaries, headers and a file name beside the file itself.
FRAME = 64 * 1024
FILE = "file"


def body(accepted: str, words: dict[str, Any], required: list[str]) -> dict[str, Any]:
    """Return how the document describes such a body: a file of types, and the words beside it."""
    return {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        FILE: {"type": "string", "contentMediaType": "application/octet-stream"},
                        **words,
                    },
                    "required": [FILE, *required],
                    "additionalProperties": False,
                },
                "encoding": {FILE: {"contentType": accepted}},
            }
        },
    }


@dataclass(frozen=True)
class Sent:
    """A file with its client's name for it, and the words that came beside it."""

    name: str
    data: bytes
    words: dict[str, str]


def read(largest: int, too_large: TooLarge, words: tuple[str, ...]) -> Sent:
    """Return the file and words of a body; what the client says of the file's type is not heard.

    Raises `too_large`, BadRequest, and 422 for anything else in the body.
    """
    request.max_content_length = largest + FRAME
    request.max_form_parts = 10
    if request.mimetype != "multipart/form-data":
        raise BadRequest("请以 multipart/form-data 格式提交。")
    try:
        with closing(_only_file(largest, words)) as file:
            return Sent(file.filename or "", file.stream.read(), request.form.to_dict())
    except RequestEntityTooLarge:
        if 0 < (request.content_length or 0) <= largest + FRAME:
            refuse({FILE: "每次上传一个文件。"})  # not too long: in too many parts
        raise too_large from None


def _only_file(largest: int, words: tuple[str, ...]) -> FileStorage:
    # One that comes in pieces is cut off at the limit without a word.
    in_pieces = request.content_length is None
    if in_pieces and len(request.get_data(cache=True)) >= largest + FRAME:
        raise RequestEntityTooLarge
    for word in words:
        if len(request.form.getlist(word)) > 1:
            refuse({word: "每次上传一个文件。"})
    unknown = {*request.form, *request.files} - {FILE, *words}
    if unknown or FILE in request.form or any(word in request.files for word in words):
        refuse({name if storable(name) else FILE: "不支持的字段。" for name in unknown or [FILE]})
    files = request.files.getlist(FILE)
    if len(files) != 1:
        refuse({FILE: "每次上传一个文件。" if files else "此项必填。"})
    return files[0]


def refuse(problems: dict[str, str]) -> NoReturn:
    """Raise a 422 that names each part of the body."""
    raise unprocessable({name: [problem] for name, problem in problems.items()})

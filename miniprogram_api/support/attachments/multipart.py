"""Reads the one file of a multipart body. No other endpoint takes such bodies, or so large."""

from contextlib import closing
from typing import Any, NoReturn

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from backend.support.attachments.content import LARGEST_DOCUMENT, too_large
from miniprogram_api.body import storable, unprocessable

# Boundaries, headers and a file name beside the file itself.
FRAME = 64 * 1024
FILE = "file"
# What people call it: WeChat sends its own made-up name of the temporary file.
NAME = "name"
ACCEPTED = (
    "image/jpeg, image/png, image/webp, application/pdf, application/msword, "
    "application/vnd.ms-excel, application/vnd.ms-powerpoint, "
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document, "
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, "
    "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    FILE: {"type": "string", "contentMediaType": "application/octet-stream"},
                    NAME: {"type": "string", "maxLength": 200},
                },
                "required": [FILE],
                "additionalProperties": False,
            },
            "encoding": {FILE: {"contentType": ACCEPTED}},
        }
    },
}


def read_file() -> tuple[str, bytes]:
    """Return name and bytes of the field `file`; what the client says of its type is not heard.

    Raises TooLarge, BadRequest, and 422 for anything else in the body.
    """
    request.max_content_length = LARGEST_DOCUMENT + FRAME
    request.max_form_parts = 10
    if request.mimetype != "multipart/form-data":
        raise BadRequest("请以 multipart/form-data 格式提交。")
    try:
        with closing(_only_file()) as file:
            return request.form.get(NAME) or file.filename or "", file.stream.read()
    except RequestEntityTooLarge:
        if 0 < (request.content_length or 0) <= LARGEST_DOCUMENT + FRAME:
            _refuse({FILE: "每次上传一个文件。"})  # not too long: in too many parts
        raise too_large() from None


def _only_file() -> FileStorage:
    # One that comes in pieces is cut off at the limit without a word.
    in_pieces = request.content_length is None
    if in_pieces and len(request.get_data(cache=True)) >= LARGEST_DOCUMENT + FRAME:
        raise RequestEntityTooLarge
    unknown = {*request.form, *request.files} - {FILE, NAME}
    if len(request.form.getlist(NAME)) > 1:
        _refuse({NAME: "每次上传一个文件。"})
    if unknown or FILE in request.form or NAME in request.files:
        _refuse({name if storable(name) else FILE: "不支持的字段。" for name in unknown or [FILE]})
    files = request.files.getlist(FILE)
    if len(files) != 1:
        _refuse({FILE: "每次上传一个文件。" if files else "此项必填。"})
    return files[0]


def _refuse(problems: dict[str, str]) -> NoReturn:
    raise unprocessable({name: [problem] for name, problem in problems.items()})

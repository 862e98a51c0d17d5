"""Where the bytes lie: a local folder, or any S3-compatible store. Neither knows what they are."""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from backend.core.errors import NotFound, Unavailable
from backend.core.settings import PROJECT, Settings

S3_SCHEME = "s3://"
CHUNK = 256 * 1024
# Ours alone: whatever else lies beside them is left alone.
KEY = re.compile(r"[0-9a-f]{32}(\.new)?\Z")


class Store(Protocol):
    """Every method may raise Unavailable `store_unavailable`, and does so within seconds."""

    def put(self, key: str, data: bytes, *, content_type: str, disposition: str) -> None:
        """Keep `data` under a new key: the whole of it, or nothing."""

    def read(self, key: str) -> Iterator[bytes]:
        """Return the bytes part by part; raises NotFound at once, never later."""

    def delete(self, key: str) -> None:
        """Forget the bytes; that there are none is fine."""

    def keys_older_than(self, age: timedelta) -> Iterator[str]:
        """Yield the keys of what was written before, half-written files included."""

    def link(self, key: str, lasts: timedelta) -> str | None:
        """Return an address that opens without us for a while; None: the store has none."""

    def free_bytes(self) -> int | None:
        """Return how much room is left; None: the store's own affair."""


def new_key() -> str:
    """Return an unguessable name that says nothing."""
    return secrets.token_hex(16)


def from_settings(settings: Settings) -> Store:
    """Open nothing yet: the folder is made, the store is asked, when the first file comes."""
    place = settings.attachment_store
    if place.startswith(S3_SCHEME):
        return Bucket(settings)
    return Folder(PROJECT / place)  # an absolute path stays what it is


def unavailable() -> Unavailable:
    return Unavailable("store_unavailable", "附件存储暂时没有响应，请稍后再试。")


def missing() -> NotFound:
    return NotFound("attachment_not_found", "没有找到这个附件。")


class Folder:
    """Files in one folder that only this program's user may enter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, data: bytes, *, content_type: str, disposition: str) -> None:  # noqa: ARG002  # the row knows them
        half = self._folder / f"{key}.new"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(half, "xb", opener=_private) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # before the row that promises it
            half.rename(self._folder / key)
        except OSError:
            with suppress(OSError):
                half.unlink()
            raise unavailable() from None

    def read(self, key: str) -> Iterator[bytes]:
        try:
            file = (self._folder / key).open("rb")
        except FileNotFoundError:
            raise missing() from None
        except OSError:
            raise unavailable() from None

        def parts() -> Iterator[bytes]:
            with file:
                while part := file.read(CHUNK):
                    yield part

        return parts()

    def delete(self, key: str) -> None:
        try:
            (self._folder / key).unlink(missing_ok=True)
        except OSError:
            raise unavailable() from None

    def keys_older_than(self, age: timedelta) -> Iterator[str]:
        before = time.time() - age.total_seconds()
        if not self._folder.is_dir():
            return
        for file in self._folder.iterdir():
            if KEY.match(file.name) and file.stat().st_mtime < before:
                yield file.name

    def link(self, key: str, lasts: timedelta) -> str | None:  # noqa: ARG002  # the app has its own
        return None

    def free_bytes(self) -> int | None:
        places = (self._folder, *self._folder.parents)
        return shutil.disk_usage(next(place for place in places if place.is_dir())).free


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Bucket:
    """A bucket of its own in an S3-compatible store."""

    def __init__(self, settings: Settings) -> None:
        bucket = settings.attachment_store.removeprefix(S3_SCHEME).strip("/")
        seconds = timedelta(seconds=settings.attachment_deadline_seconds)
        self._store = S3Store(
            bucket,
            endpoint=settings.attachment_s3_endpoint or None,
            region=settings.attachment_s3_region,
            access_key_id=settings.attachment_s3_access_key,
            secret_access_key=settings.attachment_s3_secret_key.get_secret_value(),
            virtual_hosted_style_request=settings.attachment_s3_virtual_host,
            disable_bulk_delete=True,  # not every store of the kind knows it
            client_options={"timeout": seconds, "connect_timeout": seconds, "allow_http": True},
            retry_config={"max_retries": 1, "retry_timeout": seconds},
        )

    def put(self, key: str, data: bytes, *, content_type: str, disposition: str) -> None:
        attributes = {"Content-Type": content_type, "Content-Disposition": disposition}
        with _asking():
            # In one request: parts of an upload that was cut short would stay, and cost, for ever.
            obstore.put(self._store, key, data, attributes=attributes, use_multipart=False)

    def read(self, key: str) -> Iterator[bytes]:
        # At once and not by and by: what fails half-way could not be told to the reader any more.
        with _asking():
            whole = obstore.get(self._store, key).bytes()
        return iter([bytes(whole)])

    def delete(self, key: str) -> None:
        with suppress(NotFound), _asking():
            obstore.delete(self._store, key)

    def keys_older_than(self, age: timedelta) -> Iterator[str]:
        before = time.time() - age.total_seconds()
        with _asking():
            for page in obstore.list(self._store):
                for entry in page:
                    old = entry["last_modified"].timestamp() < before
                    if old and KEY.match(entry["path"]):
                        yield entry["path"]

    def link(self, key: str, lasts: timedelta) -> str | None:
        return obstore.sign(self._store, "GET", key, lasts)

    def free_bytes(self) -> int | None:
        return None


@contextmanager
def _asking() -> Iterator[None]:
    """Whatever the store says or does not say is one of two things; its texts hold addresses."""
    try:
        yield
    except FileNotFoundError:
        raise missing() from None
    except (BaseError, OSError):
        raise unavailable() from None

"""A folder and an S3 store keep, hand out and forget alike, and fail within seconds."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from pydantic import SecretStr

from backend.core.errors import NotFound, Unavailable
from backend.core.settings import Settings
from backend.support.attachments import store as stores
from backend.support.attachments.store import Folder, Store
from tests.backend.support.attachments import s3_server
from tests.backend.support.attachments.s3_server import ACCESS, BUCKET, REGION, SECRET, S3Server

DAY = timedelta(days=1)
INLINE = "inline; filename*=UTF-8''a.jpg"


@pytest.fixture(scope="module")
def s3_process() -> Iterator[S3Server]:
    with s3_server.running() as server:
        yield server


@pytest.fixture
def s3(s3_process: S3Server) -> S3Server:
    s3_process.objects.clear()
    s3_process.mode = "well"
    return s3_process


def bucket(settings: Settings, url: str, **changed: object) -> Store:
    given: dict[str, object] = {
        "attachment_store": f"s3://{BUCKET}",
        "attachment_s3_endpoint": url,
        "attachment_s3_region": REGION,
        "attachment_s3_access_key": ACCESS,
        "attachment_s3_secret_key": SecretStr(SECRET),
        "attachment_deadline_seconds": 1.0,
    }
    return stores.from_settings(settings.model_copy(update=given | changed))


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Store:
    if request.param == "s3":
        return bucket(settings, request.getfixturevalue("s3").url)
    place: dict[str, object] = {"attachment_store": str(tmp_path / "deep" / "attachments")}
    return stores.from_settings(settings.model_copy(update=place))


def put(store: Store, data: bytes = b"abc") -> str:
    key = stores.new_key()
    store.put(key, data, content_type="image/jpeg", disposition=INLINE)
    return key


def test_what_was_put_is_read_and_then_forgotten(store: Store) -> None:
    data = os.urandom(6 * 1024 * 1024)
    key = put(store, data)
    assert b"".join(store.read(key)) == data

    store.delete(key)
    store.delete(key)

    with pytest.raises(NotFound):
        store.read(key)


def test_nothing_is_older_than_a_day_at_first(store: Store) -> None:
    key = put(store)

    assert list(store.keys_older_than(DAY)) == []
    assert list(store.keys_older_than(-DAY)) == [key]


def test_an_empty_store_has_no_keys(store: Store) -> None:
    assert list(store.keys_older_than(DAY)) == []


def test_keys_are_random_and_say_nothing() -> None:
    keys = {stores.new_key() for _ in range(1000)}

    assert len(keys) == 1000
    assert all(stores.KEY.match(key) for key in keys)


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "attachments"
    key = put(Folder(folder))

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / key).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == [key]


def test_half_a_file_is_found_by_the_night_and_foreign_files_are_not(tmp_path: Path) -> None:
    for name in ("0" * 32, "1" * 32 + ".new", "backup.tar", "notes"):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (0, 0))

    assert set(Folder(tmp_path).keys_older_than(DAY)) == {"0" * 32, "1" * 32 + ".new"}


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Unavailable) as failure:
        put(Folder(tmp_path / "file"))
    assert failure.value.code == "store_unavailable"


def test_the_s3_store_keeps_type_and_name_and_signs_a_link_of_its_own(
    settings: Settings, s3: S3Server
) -> None:
    store = bucket(settings, s3.url)
    key = put(store)
    url = store.link(key, timedelta(minutes=5))
    assert url is not None
    assert url.startswith(f"{s3.url}/{BUCKET}/{key}?")
    assert SECRET not in url

    answer = requests.get(url, timeout=5)

    assert (answer.status_code, answer.content) == (200, b"abc")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == INLINE
    other = url.replace(key, put(store))
    for changed in (url[:-1] + ("0" if url[-1] != "0" else "1"), other, url.split("?")[0]):
        assert requests.get(changed, timeout=5).status_code == 403


def test_old_files_of_a_bucket_are_found(settings: Settings, s3: S3Server) -> None:
    store = bucket(settings, s3.url)
    old, _new = put(store), put(store)
    s3.age(old, 25 * 3600)

    assert list(store.keys_older_than(DAY)) == [old]


STEPS: dict[str, Callable[[Store], object]] = {
    "put": put,
    "read": lambda store: store.read("0" * 32),
    "delete": lambda store: store.delete("0" * 32),
    "list": lambda store: list(store.keys_older_than(DAY)),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("mode", ["hang", "broken", "nobody", "wrong key"])
def test_a_bad_store_is_unavailable_within_seconds_and_without_a_secret(
    settings: Settings, s3: S3Server, step: str, mode: str
) -> None:
    s3.mode = mode
    wrong = {"attachment_s3_secret_key": SecretStr("x")} if mode == "wrong key" else {}
    store = bucket(settings, "http://127.0.0.1:9" if mode == "nobody" else s3.url, **wrong)
    began = time.monotonic()

    with pytest.raises(Unavailable) as failure:
        STEPS[step](store)

    assert time.monotonic() - began < 4
    assert failure.value.code == "store_unavailable"
    assert failure.value.__suppress_context__
    assert SECRET not in str(failure.value)

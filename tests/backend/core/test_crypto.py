"""Encrypted columns and keyed hashes."""

from dataclasses import replace
from datetime import date

import pytest

from backend.core import clock
from backend.core.crypto import Crypto, DecryptionFailed
from backend.core.settings import CipherSuite

NUMBER = "10000000099"


@pytest.mark.parametrize("suite", list(CipherSuite))
def test_what_is_encrypted_comes_back_and_never_looks_the_same(
    keys: Crypto, suite: CipherSuite
) -> None:
    crypto = replace(keys, suite=suite)
    first, second = (crypto.encrypt(NUMBER, purpose="p") for _ in range(2))

    assert first != second
    assert NUMBER not in first
    assert crypto.decrypt(first, purpose="p") == NUMBER


def test_a_value_of_another_column_does_not_open(keys: Crypto) -> None:
    with pytest.raises(DecryptionFailed):
        keys.decrypt(keys.encrypt(NUMBER, purpose="one"), purpose="other")


def test_a_changed_value_does_not_open(keys: Crypto) -> None:
    sealed = keys.encrypt(NUMBER, purpose="p")
    changed = sealed[:-4] + ("A" if sealed[-4] != "A" else "B") + sealed[-3:]

    with pytest.raises(DecryptionFailed):
        keys.decrypt(changed, purpose="p")


def test_old_keys_still_open_and_new_values_use_the_first(keys: Crypto) -> None:
    old = keys.encrypt(NUMBER, purpose="p")
    turned = replace(keys, keys={"k2": bytes(32), **keys.keys})

    assert turned.decrypt(old, purpose="p") == NUMBER
    assert turned.encrypt(NUMBER, purpose="p").split(".")[1] == "k2"


def test_a_lookup_is_the_same_each_time_and_differs_by_purpose(keys: Crypto) -> None:
    assert keys.lookup(NUMBER, purpose="a") == keys.lookup(NUMBER, purpose="a")
    assert keys.lookup(NUMBER, purpose="a") != keys.lookup(NUMBER, purpose="b")


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2027-03-05", 1, "2027-03-08"),
    ],
)
def test_working_days_follow_the_published_calendar(day: str, count: int, expected: str) -> None:
    """The National Day holiday of 2026 ends on 7 October; 2027 is not published yet."""
    found = clock.add_working_days(date.fromisoformat(day), count)

    assert found.isoformat() == expected

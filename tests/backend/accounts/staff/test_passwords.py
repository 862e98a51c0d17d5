"""Passwords that are refused, and codes that are taken once."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from backend.accounts.staff import codes, passwords
from backend.core.errors import Invalid

NOW = datetime(2026, 11, 29, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Passwordpassword",
        "123456789012",
        "1q2w3e4r5t6y",
        "!!!dragon20261",
        "woaini1314520",
        "aaaaaaaaaaaaaa",
        "abababababababab",
        "administrator!",
        "chenyi-is-my-name",
        "ＣｈｅｎＹｉ的密码很长很长",
        "x" * 129,
    ],
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.check(password, "chenyi", "陈一")
    assert (refusal.value.field, refusal.value.code) == ("password", "password_refused")


@pytest.mark.parametrize(
    "password", ["木棉 灯塔 三轮车 海风 算盘 1987", "tidal-otter-bicycle-seven"]
)
def test_a_few_unconnected_words_are_a_password(password: str) -> None:
    passwords.check(password, "chenyi", "陈一")


def test_a_password_fits_itself_in_any_width_and_no_other() -> None:
    stored = passwords.hashed("tidal-otter-bicycle-7")

    assert "otter" not in stored
    assert passwords.fits("tidal-otter-bicycle-７", stored)
    assert not passwords.fits("tidal-otter-bicycle-8", stored)
    assert not passwords.fits("anything", None)
    assert not passwords.fits("anything", "no hash at all")


def test_what_is_handed_over_is_another_each_time() -> None:
    assert len({passwords.one_time() for _ in range(50)}) == 50
    assert len(set(codes.new_papers())) == codes.PAPERS


def test_a_code_of_its_time_is_taken_once_and_none_before_it() -> None:
    secret = codes.new_secret()
    here = int(NOW.timestamp()) // codes.STEP_SECONDS
    code = pyotp.TOTP(secret).at(NOW)

    assert codes.step(secret, code, after=None, now=NOW) == here
    assert codes.step(secret, code, after=here, now=NOW) is None
    assert codes.step(secret, code, after=None, now=NOW + timedelta(seconds=30)) == here
    assert codes.step(secret, code, after=None, now=NOW + timedelta(seconds=90)) is None
    assert codes.step(secret, "一二三四五六", after=None, now=NOW) is None

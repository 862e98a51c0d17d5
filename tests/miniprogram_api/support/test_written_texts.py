"""Every text that comes in is brought to one form, and holds no number of a person."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import g
from marshmallow import Schema, ValidationError
from sqlalchemy.orm import Session

from miniprogram_api import fields
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.support.documents.verification import verified
from tests.factories import Make
from tests.http_client import ApiClient

# What others do not read as a text: a new one is guarded unless it stands here, with the reason.
A_PROGRAMS_OWN = {
    "SignInIn.code",
    "MemberLinkIn.phone_code",
    "ConsentIn.notice_version",
    "RatesQuery.rule_id",
    "TaskQuery.kind",
    "OnlineIn.url",
    "PageQuery.cursor",
    "LinkQuery.expires",
    "LinkQuery.signature",
    # Signs one in; kept as a hash, if at all.
    "StaffSignInIn.name",
    "StaffSignInIn.password",
    "StaffSignInIn.code",
    "ReauthenticationIn.password",
    "ReauthenticationIn.code",
    "EnrolmentIn.token",
    "EnrolmentIn.password",
    "EnrolmentIn.code",
    # One of the columns that a list may have, and one of the lists.
    "MappedColumnIn.key",
    "TargetQuery.target",
}
UNSEEN = ["\u200b", "\u2060\ufeff", "\u3164 \u3164", "\u2800", "\u202d\u202c"]
PRINTED = ["zm2026 g5sf 9wtl p8", "ＺＭ2026G5SF9WTLP8\u200b", "ZM2026G5SF9WTLP8"]
NOT_PROSE = (fields.Code, fields.Number, fields.Query)


def arguments(kind: type[Schema] = Schema) -> Iterator[type[Schema]]:
    """Yield every schema that something sent is read by: they are called so."""
    for one in kind.__subclasses__():
        if one.__name__.endswith(("In", "Query")) and one.__module__.startswith("miniprogram_api"):
            yield one
        yield from arguments(one)


def texts() -> Iterator[tuple[str, Any]]:
    for kind in arguments():
        for name, field in kind().fields.items():
            inner = getattr(field, "inner", field)
            if isinstance(inner, fields.Str):
                yield f"{kind.__name__}.{name}", inner


@pytest.mark.usefixtures("app")
def test_every_text_is_guarded_or_says_why_not() -> None:
    found = dict(texts())
    unguarded = {
        name
        for name, field in found.items()
        if not getattr(field, "guarded", False) and not isinstance(field, NOT_PROSE)
    }
    assert len(found) > 60
    inherited = {name for name in unguarded if name.endswith(".cursor")}
    assert unguarded - inherited <= A_PROGRAMS_OWN


@pytest.mark.usefixtures("app")
def test_each_guarded_text_refuses_a_number_and_what_nobody_sees() -> None:
    guarded = [(name, field) for name, field in texts() if getattr(field, "guarded", False)]
    assert len(guarded) > 40
    for _, field in guarded:
        with pytest.raises(ValidationError, match="手机号码"):
            field.deserialize("138—0013—8000")
        assert field.deserialize("路灯\u200b亮") == "路灯亮"


@pytest.mark.parametrize("title", UNSEEN)
def test_a_title_that_nobody_sees_is_refused(client: ApiClient, make: Make, title: str) -> None:
    body = {"community_code": make.community().code, "title": title}

    answer = client.request(
        "POST", "/demands", as_=make.actor(make.member()), json=body, expect=422
    )

    assert answer["fields"]["title"]


@pytest.mark.parametrize(
    ("path", "field", "text"),
    [
        ("/projects", "title", "找138—0013—8000"),
        ("/activities", "content", "报名打１３８００１３８０００"),
        ("/registrations", "availability", "打138·0013·8000"),
        ("/meetings", "title", "找138 0013 8000开会"),
    ],
)
def test_a_number_is_refused_by_its_field(
    client: ApiClient, make: Make, path: str, field: str, text: str
) -> None:
    member = make.actor(make.member())

    answer = client.request("POST", path, as_=member, json={field: text}, expect=422)

    assert "手机号码" in str(answer["fields"][field])


@pytest.mark.parametrize("typed", PRINTED)
def test_a_number_on_paper_is_read_in_any_grouping(
    app: MiniProgramApi, session: Session, typed: str
) -> None:
    with app.test_request_context():
        g.session = session
        found = verified(typed, lambda _, number: number)

    assert found == "ZM2026G5SF9WTLP8"

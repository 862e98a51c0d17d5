"""People who have no rights here, a scene full of what they may not read, and bodies to try."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.learning.models import LearningMaterial
from backend.branch_life.meetings.minutes.models import MeetingMinutes
from backend.branch_life.meetings.models import Meeting
from backend.branch_life.meetings.voting.models import Resolution
from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.demands.models import Demand
from backend.community.registrations.models import CommunityRegistration
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor, PositionKind, Role
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.support.attachments.models import Attachment
from backend.support.text_checks.models import TextCheck
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.auth import PUBLIC_ENDPOINTS
from tests.factories import Make
from tests.miniprogram_api import hidden_scene

# Stands in everything that is nobody's outside to read.
MARK = "不可见"
MARKED = (
    Attachment.name,
    ConductFeedback.comment,
    CommunityRegistration.availability,
    Demand.title,
    LearningMaterial.title,
    LearningMaterial.body,
    Meeting.title,
    Member.name,
    MeetingMinutes.content,
    Resolution.title,
    ServiceRecord.content,
    TextCheck.content,
)


def mark_everything(session: Session) -> None:
    for column in (*MARKED, *hidden_scene.MARKED):
        session.execute(sa.update(column.class_).values({column: MARK}))
    session.flush()
    session.expire_all()


class Outsiders:
    """Makes somebody anew for each question, so that no limit is reached by asking."""

    def __init__(self, session: Session, make: Make, branch: Organization) -> None:
        self.session, self.make, self.branch = session, make, branch
        assert branch.unit is not None
        self.community = branch.unit.community

    def unlinked(self) -> Actor:
        """On no roster, after consent."""
        return self.make.unlinked()

    def inactive(self) -> Actor:
        """Everything one can be here, on the day after being set inactive."""
        member = self.make.member(self.branch, community_id=self.community.id, active=False)
        self._appoint(member)
        self.make.seat(self.branch, member, PositionKind.DEPUTY_SECRETARY)
        return self._account(member)

    def ended(self) -> Actor:
        """A member elsewhere whose appointments here ended yesterday."""
        member = self.make.member()
        yesterday = clock.today() - timedelta(days=1)
        self._appoint(member, ends_on=yesterday)
        self.make.seat(self.branch, member, PositionKind.DEPUTY_SECRETARY, ends_on=yesterday)
        return self._account(member)

    def all_rights(self) -> Actor:
        """A member here with every appointment there is."""
        member = self.make.member(self.branch, community_id=self.community.id)
        self._appoint(member)
        return self._account(member)

    def _account(self, member: Member) -> Actor:
        """Who the session makes of it is the product's to say."""
        return Actor(self.make.account(member).id, consented=True)

    def _appoint(self, member: Member, **term: Any) -> None:
        area, branch = self.community, self.branch
        places = (
            (Role.COMMUNITY_SECRETARY, {"area_id": area.id}),
            (Role.GRID_WORKER, {"area_id": area.id}),
            (Role.STREET_OFFICER, {"area_id": area.township_id}),
            (Role.DISTRICT_OFFICER, {"area_id": area.district_id}),
            (Role.CITY_OFFICER, {"area_id": area.city_id}),
            (Role.BRANCH_SECRETARY, {"organization_id": branch.id}),
            (Role.UNIT_CONTACT, {"unit_id": branch.unit_id}),
        )
        self.make.appointments(member, places, **term)


def operations(app: MiniProgramApi, document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield method, path with its arguments in braces, and the schema of the body, of everything
    the application answers to who signed in; the document only says what to send."""
    paths = document["paths"]
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC_ENDPOINTS:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            operation = paths.get(path, {}).get(method.lower(), {})
            content = operation.get("requestBody", {}).get("content", {})
            short = path.removeprefix("/api/v1")
            yield method, short, content.get("application/json", {}).get("schema")


def each_apart(
    session: Session, found: Iterator[tuple[str, str, Any]]
) -> Iterator[tuple[str, str, Any]]:
    """Yield each operation in the scene as it was made: whoever came before, and what they did, is
    undone. Otherwise the hundreds before are what the last ones spend their time on."""
    for operation in found:
        before = session.begin_nested()
        yield operation
        before.rollback()


def sample(schema: Any, document: dict[str, Any], ids: dict[str, Any], name: str = "") -> Any:
    """Return the least that fits a schema; what is named like one of `ids` is that."""
    if "$ref" in schema:
        return sample(_resolve(schema["$ref"], document), document, ids, name)
    if name in ids:
        return ids[name]
    if "enum" in schema:
        return next(value for value in schema["enum"] if value is not None)
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        wanted = schema.get("required", ())
        properties = schema.get("properties", {})
        return {key: sample(properties[key], document, ids, key) for key in wanted}
    if kind == "array":
        return [sample(schema["items"], document, ids, name)] * schema.get("minItems", 0)
    return _plain(kind, schema)


def fields_of(schema: Any, document: dict[str, Any]) -> list[str]:
    """Return the names of a body's fields."""
    found = _resolve(schema["$ref"], document) if "$ref" in schema else schema
    return list(found.get("properties", {}))


def query_names(method: str, rule: str, document: dict[str, Any]) -> list[str]:
    """Return what an operation takes in its query."""
    operation = document["paths"].get(f"/api/v1{rule}", {}).get(method.lower(), {})
    return [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]


def _resolve(reference: str, document: dict[str, Any]) -> Any:
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _plain(kind: str, schema: dict[str, Any]) -> Any:
    if kind == "integer":
        return schema.get("minimum", 1)
    if kind == "boolean":
        return True
    soon = clock.now() + timedelta(days=1)
    formats = {"date": soon.date().isoformat(), "date-time": soon.isoformat()}
    return formats.get(schema.get("format", ""), "文" * max(schema.get("minLength", 1), 1))

"""People around one record and one meeting, for tests of attachments over HTTP."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.people.areas.models import Area
from backend.support.attachments.models import Attachment, AttachmentStatus
from tests.backend.support.attachments import samples
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.test_contract import record_body

S = AttachmentStatus


class Scene:
    """A member with a record and a branch with a meeting, and one of everybody around them."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session = client, session
        self.served = count(3, 2)  # Hours ago: nobody serves twice at one time.
        self.community = make.community()
        branch = make.branch(make.unit(self.community))
        self.branch_id = branch.id
        self.people = {
            "member": make.actor(make.member(branch)),
            "colleague": make.actor(make.member(branch)),
            "secretary": make.community_secretary(self.community),
            "branch_secretary": make.branch_secretary(branch),
            "stranger": make.actor(make.member()),
            "other_secretary": make.community_secretary(make.community()),
        }
        for name, role, level in (
            ("street", Role.STREET_OFFICER, "township"),
            ("district", Role.DISTRICT_OFFICER, "district"),
            ("city", Role.CITY_OFFICER, "city"),
        ):
            area = session.get_one(Area, getattr(self.community, f"{level}_id"))
            self.people[name] = make.officer(role, area)

    def upload(self, who: str = "member", data: bytes | None = None, **given: Any) -> Any:
        data = samples.picture() if data is None else data
        return self.client.upload(data, as_=self.people[who], **given)

    def call(self, method: str, path: str, who: str, expect: int, json: Any = None) -> Any:
        return self.client.request(method, path, as_=self.people[who], expect=expect, json=json)

    def record(self, *ids: int, expect: int = 201) -> Any:
        begin = clock.now() - timedelta(hours=next(self.served))
        times = {"started_at": begin, "ended_at": begin + timedelta(hours=1)}
        given = {name: moment.isoformat() for name, moment in times.items()}
        body = record_body(self.community.code, attachment_ids=list(ids), **given)
        return self.call("POST", "/service-records", "member", expect, body)

    def meeting(self, *ids: int) -> Any:
        begin = clock.now() + timedelta(days=1)
        body = {
            "organization_id": self.branch_id,
            "kind": "theme_day",
            "title": "主题党日",
            "mode": "in_person",
            "place": "社区党群服务中心二楼",
            "starts_at": begin.isoformat(),
            "ends_at": (begin + timedelta(hours=1)).isoformat(),
            "attachment_ids": list(ids),
        }
        return self.call("POST", "/meetings", "branch_secretary", 201, body)

    def put(self, attachment_id: int, status: AttachmentStatus) -> None:
        row = self.session.get_one(Attachment, attachment_id)
        row.status = status
        if status is S.REMOVED:
            row.decided_by, row.reason = 999, "与活动无关"
        self.session.flush()

    def statuses(self, path: str, method: str = "GET", json: Any = None) -> dict[str, int]:
        return {
            name: self.client.status(method, path, as_=actor, json=json)
            for name, actor in self.people.items()
        }

"""A branch in a meeting: a secretary, a deputy, a recorder, full members and a probationary one."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.branch_life.meetings.models import Meeting
from backend.core import clock
from backend.core.actor import Actor, PositionKind, Post
from backend.people.members.models import MemberCategory
from tests.factories import Make
from tests.http_client import ApiClient


class Hall:
    """Ten may vote: the secretary, the deputy, the recorder and seven members; one more is on
    probation. The meeting has begun half an hour ago."""

    def __init__(self, client: ApiClient, session: Session, make: Make) -> None:
        self.client, self.session, self.make = client, session, make
        self.branch = make.branch()
        self.secretary = make.branch_secretary(self.branch)
        self.members = [make.member(self.branch) for _ in range(9)]
        self.people = [make.actor(one) for one in self.members]
        self.recorder, self.ids = self.people[1], [one.id for one in self.members]
        make.seat(self.branch, self.members[0], PositionKind.DEPUTY_SECRETARY)
        post = Post(PositionKind.DEPUTY_SECRETARY, self.branch.id)
        self.deputy = Actor(**{**vars(self.people[0]), "posts": (post,)})
        self.novice = make.member(self.branch, category=MemberCategory.PROBATIONARY)
        self.meeting = self.add()

    def add(self, **given: Any) -> Meeting:
        return self.make.meeting(self.branch, **{"recorder_id": self.members[1].id} | given)

    def later(self, **given: Any) -> Meeting:
        """A meeting that is still to come."""
        begin = clock.now() + timedelta(days=2)
        return self.add(starts_at=begin, ends_at=begin + timedelta(hours=1), **given)

    def at(self, step: str = "", meeting: Meeting | None = None) -> str:
        return f"/meetings/{(meeting or self.meeting).id}{step}"

    def ask(
        self, method: str, step: str, who: Actor, expect: int, json: Any = None, **more: Any
    ) -> Any:
        """Ask for a step of the meeting."""
        path = self.at(step, more.pop("meeting", None))
        return self.client.request(method, path, as_=who, json=json, expect=expect, **more)

    def seat(self, count: int, novice: bool = False) -> None:
        """Mark the secretary and the first members present: `count` voters in all."""
        present = [self.secretary.member_id, *self.ids][:count]
        if novice:
            present.append(self.novice.id)
        self.ask("PUT", "/attendance", self.recorder, 200, {"present": present})

    def vote(self, expect: int = 201, **vote: Any) -> Any:
        body = {"title": "关于年度工作计划的决议"} | vote
        return self.ask("POST", "/resolutions", self.recorder, expect, body)

    def close(self, expect: int = 200, **said: Any) -> Any:
        return self.ask("POST", "/closing", self.secretary, expect, said or None)

    def shown(self, who: Actor | None = None, meeting: Meeting | None = None) -> Any:
        return self.ask("GET", "", who or self.secretary, 200, meeting=meeting)

    def kept(self) -> Meeting:
        """The meeting as the database has it now."""
        self.session.expire_all()
        return self.session.get_one(Meeting, self.meeting.id)

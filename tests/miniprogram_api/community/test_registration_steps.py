"""A member's registration over HTTP, from the first to the last of its states."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations.models import CommunityRegistration
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.support.attachments.models import AttachmentStatus
from tests import ledger
from tests.backend.support.attachments.scene import image
from tests.factories import Make
from tests.http_client import ApiClient

PHONE = "13876543210"


class Town:
    """A member, a community with its secretary and street, all over HTTP."""

    def __init__(self, client: ApiClient, session: Session, rules: RulePack, make: Make) -> None:
        self.client, self.session, self.rules, self.make = client, session, rules, make
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.branch = make.branch(make.unit(self.community))
        self.member = make.actor(make.member(self.branch))
        self.street = make.officer(
            Role.STREET_OFFICER, session.get_one(Area, self.community.township_id)
        )

    def post(self, path: str, as_: Actor, json: Any = None, *, expect: int = 200) -> Any:
        return self.client.request("POST", path, as_=as_, json=json, expect=expect)

    def get(self, path: str, as_: Actor) -> Any:
        return self.client.request("GET", path, as_=as_, expect=200)

    def register(self, as_: Actor | None = None, **body: Any) -> int:
        body = {"community_code": self.community.code, **body}
        return int(self.post("/registrations", as_ or self.member, body, expect=201)["id"])

    def standing(self) -> int:
        id_ = self.register()
        self.post(f"/registrations/{id_}/acceptance", self.secretary)
        return id_

    def duty(self, rule_id: str) -> dict[str, Any]:
        items = self.get("/me/duties", self.member)["items"]
        found: dict[str, Any] = next(duty for duty in items if duty["rule_id"] == rule_id)
        return found


@pytest.fixture
def town(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Town:
    return Town(client, session, rules, make)


def test_a_member_asks_for_a_pause_and_the_secretary_confirms_by_the_same_step(town: Town) -> None:
    id_ = town.standing()
    asked = town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "illness"})
    assert (asked["status"], asked["request"]["status"]) == ("active", "submitted")

    (waiting,) = town.get("/registration-requests?status=submitted&decidable=true", town.secretary)[
        "items"
    ]
    assert (waiting["registration_id"], waiting["kind"], waiting["reason_code"]) == (
        id_,
        "pause",
        "illness",
    )

    paused = town.post(f"/registrations/{id_}/pause", town.secretary, {})
    assert (paused["status"], paused["request"]["status"]) == ("paused", "confirmed")
    assert paused["paused_on"] == clock.today().isoformat()
    assert town.duty("2i")["verdict"] == "exempt"
    assert town.get("/me", town.member)["registration"]["status"] == "paused"


def test_each_side_is_told_what_it_may_do_about_what_was_asked(town: Town) -> None:
    id_ = town.standing()
    (before,) = town.get("/registrations", town.secretary)["items"]
    asked = town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "study"})
    (waiting,) = town.get("/registration-requests", town.secretary)["items"]
    (seen,) = town.get("/registrations", town.secretary)["items"]

    assert (before["can"], asked["can"], seen["can"]) == (["ending"], [], ["pause", "ending"])
    assert (asked["request"]["can"], asked["request"]["next_step"]) == (["withdrawal"], None)
    assert (waiting["can"], waiting["next_step"]) == (["confirmation", "refusal"], "confirmation")
    assert seen["request"]["can"] == waiting["can"]
    paused = town.post(f"/registrations/{id_}/pause", town.secretary, {})
    assert (paused["can"], paused["request"]["can"]) == (["ending"], [])


def test_a_member_asks_to_resume_and_the_duty_is_met_again(town: Town) -> None:
    id_ = town.standing()
    town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "leave"})
    town.post(f"/registrations/{id_}/pause", town.secretary, {})
    town.post(f"/registrations/{id_}/resumption", town.member, {})
    resumed = town.post(f"/registrations/{id_}/resumption", town.secretary, {})

    assert (resumed["status"], resumed["paused_on"]) == ("active", None)
    assert town.duty("2i")["verdict"] == "met"


def test_a_member_asks_to_end_and_may_register_anew(town: Town) -> None:
    id_ = town.standing()
    town.post(f"/registrations/{id_}/ending", town.member, {"reason_code": "withdrawn"})
    ended = town.post(f"/registrations/{id_}/ending", town.secretary, {})

    assert (ended["status"], ended["end_reason"]) == ("ended", "withdrawn")
    assert town.get("/me", town.member)["registration"] is None
    assert town.standing() != id_


def test_a_refused_request_says_why_and_changes_nothing(town: Town) -> None:
    id_ = town.standing()
    asked = town.post(f"/registrations/{id_}/ending", town.member, {"reason_code": "moved"})
    path = f"/registration-requests/{asked['request']['id']}/refusal"
    refused = town.post(path, town.secretary, {"reason": "请先办理转接"})
    assert (refused["status"], refused["refusal_reason"]) == ("refused", "请先办理转接")

    (mine,) = town.get("/me/registrations", town.member)["items"]
    assert (mine["status"], mine["request"]["refusal_reason"]) == ("active", "请先办理转接")
    (news, *_) = town.get("/me/notifications", town.member)["items"]
    assert news["kind"] == "registrations.request_refused"


def test_a_request_taken_back_waits_for_nobody(town: Town) -> None:
    id_ = town.standing()
    asked = town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "study"})
    path = f"/registration-requests/{asked['request']['id']}/withdrawal"

    assert town.post(path, town.member)["status"] == "withdrawn"
    assert town.post(path, town.member)["status"] == "withdrawn"
    answer = town.post(f"/registrations/{id_}/pause", town.secretary, {}, expect=409)
    assert answer["code"] == "nothing_asked"


def test_a_second_request_is_refused_while_one_waits(town: Town) -> None:
    id_ = town.standing()
    town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "study"})
    answer = town.post(
        f"/registrations/{id_}/ending", town.member, {"reason_code": "moved"}, expect=409
    )
    assert answer["code"] == "registration_request_waiting"


def test_a_pause_without_a_reason_names_the_field(town: Town) -> None:
    answer = town.post(f"/registrations/{town.standing()}/pause", town.member, {}, expect=422)
    assert "reason_code" in answer["fields"]


@pytest.mark.parametrize("reason", ["deceased", "membership_ended", "data_error"])
def test_the_secretary_ends_unasked_with_a_note_that_the_member_reads(
    town: Town, reason: str
) -> None:
    id_ = town.standing()
    body = {"reason_code": reason, "reason": "已与家属核实"}
    ended = town.post(f"/registrations/{id_}/ending", town.secretary, body)

    assert (ended["status"], ended["end_reason"]) == ("ended", reason)
    (mine,) = town.get("/me/registrations", town.member)["items"]
    assert mine["end_note"] == "已与家属核实"
    (news, *_) = town.get("/me/notifications", town.member)["items"]
    assert news["kind"] == "registrations.ended"


def test_who_rests_cannot_move_before_resuming(town: Town) -> None:
    id_ = town.standing()
    town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "posting"})
    town.post(f"/registrations/{id_}/pause", town.secretary, {})
    body = {"community_code": town.make.community().code}

    assert town.post("/registrations", town.member, body, expect=409)["code"] == (
        "registration_paused"
    )


def test_who_is_moving_cannot_ask_to_end(town: Town) -> None:
    id_ = town.standing()
    town.register(community_code=town.make.community().code)
    answer = town.post(
        f"/registrations/{id_}/ending", town.member, {"reason_code": "moved"}, expect=409
    )
    assert answer["code"] == "registration_transfer_pending"


def test_the_secretarys_own_pause_is_confirmed_by_the_street(town: Town) -> None:
    id_ = town.register(town.secretary)
    town.post(f"/registrations/{id_}/acceptance", town.street)
    town.post(f"/registrations/{id_}/pause", town.secretary, {"reason_code": "leave"})

    assert town.post(f"/registrations/{id_}/pause", town.street, {})["status"] == "paused"


def test_officers_see_that_something_was_asked_not_who_or_why(town: Town) -> None:
    id_ = town.standing()
    town.post(f"/registrations/{id_}/pause", town.member, {"reason_code": "illness"})
    (seen,) = town.get("/registration-requests", town.street)["items"]

    assert (seen["kind"], seen["member"], seen["reason_code"]) == ("pause", None, None)
    (row,) = town.get("/registrations", town.street)["items"]
    assert (row["member"], row["request"]) == (None, None)


def test_a_slip_is_accepted_at_once_and_says_who_entered_it(town: Town, keys: Crypto) -> None:
    town.make.member(name="吴秀兰", phone_hash=keys.lookup(PHONE, purpose="member.phone"))
    body = {
        "community_code": town.community.code,
        "name": "吴秀兰",
        "phone": PHONE,
        "slip_no": "2026-007",
        "basis": "owner",
    }
    made = town.post("/assisted-registrations", town.secretary, body, expect=201)

    assert (made["status"], made["channel"], made["slip_no"]) == ("active", "assisted", "2026-007")
    assert made["entered_by"]["id"] == town.secretary.member_id
    again = town.post("/assisted-registrations", town.secretary, body, expect=409)
    assert again["code"] == "slip_already_entered"
    wrong = town.post(
        "/assisted-registrations",
        town.secretary,
        body | {"name": "吴兰", "slip_no": "8"},
        expect=404,
    )
    assert wrong["code"] == "roster_no_match"
    assert PHONE not in str(made)


SLIPS = {
    "pause": {"reason_code": "study", "slip_no": "9"},
    "resumption": {"slip_no": "9"},
    "ending": {"reason_code": "retired", "slip_no": "9"},
}


@pytest.mark.parametrize(
    ("before", "open_"),
    [
        pytest.param({}, ["pause", "ending"], id="stands"),
        pytest.param({"secretary": SLIPS["pause"]}, ["resumption", "ending"], id="rests"),
        pytest.param({"member": {"reason_code": "study"}}, ["pause"], id="asks for a pause"),
    ],
)
def test_what_may_be_entered_from_a_slip_is_what_is_answered(
    town: Town, connection: sa.Connection, before: dict[str, Any], open_: list[str]
) -> None:
    id_ = town.standing()
    for who, said in before.items():
        town.post(f"/registrations/{id_}/pause", getattr(town, who), said)
    (told,) = town.get("/registrations", town.secretary)["items"]
    (own,) = town.get("/me/registrations", town.member)["items"]

    assert (told["on_slip"], own["on_slip"]) == (open_, [])
    for step, body in SLIPS.items():
        with connection.begin_nested() as tried:
            path = f"/registrations/{id_}/{step}"
            answer = town.client.answer("POST", path, as_=town.secretary, json=body)
            assert answer.status_code == (200 if step in open_ else 409), step
            tried.rollback()


def test_only_a_communitys_secretary_enters_slips(town: Town) -> None:
    body = {"community_code": town.community.code, "name": "甲", "phone": PHONE, "slip_no": "1"}
    for actor in (town.member, town.street):
        answer = town.post("/assisted-registrations", actor, body, expect=403)
        assert answer["code"] == "not_your_community"


def test_outside_the_city_the_home_branch_accepts_the_uploaded_receipt(town: Town) -> None:
    secretary = town.make.branch_secretary(town.branch)
    receipt = image(town.session, town.member, AttachmentStatus.AVAILABLE)
    body = {
        "community_code": None,
        "basis": "external",
        "external_place": "湛江市霞山区海滨社区",
        "attachment_ids": [receipt.id],
    }
    made = town.post("/registrations", town.member, body, expect=201)
    assert (made["community"], made["external_place"]) == (None, "湛江市霞山区海滨社区")
    assert [one["id"] for one in made["attachments"]] == [receipt.id]

    (waiting,) = town.get("/registrations?status=submitted&decidable=true", secretary)["items"]
    assert [one["id"] for one in waiting["attachments"]] == [receipt.id]
    assert town.get(f"/attachments/{receipt.id}", secretary)["url"]
    town.post(f"/registrations/{made['id']}/acceptance", town.secretary, expect=404)
    accepted = town.post(f"/registrations/{made['id']}/acceptance", secretary)
    assert accepted["status"] == "active"
    assert town.duty("2i")["verdict"] == "met"
    me = town.get("/me", town.member)["registration"]
    assert (me["status"], me["community"]) == ("active", None)


def test_the_receipt_from_outside_opens_to_nobody_else(town: Town) -> None:
    receipt = image(town.session, town.member, AttachmentStatus.AVAILABLE)
    body = {
        "basis": "external",
        "external_place": "湛江市霞山区海滨社区",
        "attachment_ids": [receipt.id],
    }
    town.post("/registrations", town.member, body, expect=201)

    for actor in (town.street, town.make.actor(town.make.member(town.branch))):
        town.client.request("GET", f"/attachments/{receipt.id}", as_=actor, expect=404)


def test_who_is_led_by_the_community_already_is_told_so(town: Town) -> None:
    branch = town.make.branch(area_id=town.community.id, unit_id=None)
    actor = town.make.actor(town.make.member(branch, unit_id=town.branch.unit_id))
    answer = town.post("/registrations", actor, {"community_code": town.community.code}, expect=409)

    assert answer["code"] == "registration_not_needed"
    passed_by = [
        duty for duty in town.get("/me/duties", actor)["items"] if duty["rule_id"] in {"2i", "2k"}
    ]
    assert len(passed_by) == 2
    for duty in passed_by:
        assert (duty["verdict"], duty["required"], duty["done"]) == ("not_applicable", 0, 0)
        assert "组织关系在社区" in duty["why_not_applicable"]
    assert town.duty("2i")["why_not_applicable"] is None


def test_who_is_led_by_the_community_is_in_no_rate(town: Town) -> None:
    officer = town.make.officer(Role.CITY_OFFICER, town.make.city())
    query = f"/statistics/duties?area_code={town.community.code}&rule_id=2i"
    for _ in range(5):
        town.make.member(town.branch)
    ledger.bind(town.session, town.rules)
    before = town.get(query, officer)["bound"]
    branch = town.make.branch(area_id=town.community.id, unit_id=None)
    town.make.member(branch, unit_id=town.branch.unit_id)

    ledger.bind(town.session, town.rules)

    assert before == 6
    assert town.get(query, officer)["bound"] == before


def test_nothing_done_counts_for_a_duty_that_does_not_apply(town: Town) -> None:
    branch = town.make.branch(area_id=town.community.id, unit_id=None)
    actor = town.make.actor(town.make.member(branch))
    path = "/me/duties/2i/evidence"
    assert town.get(path, actor)["not_counted"] == []
    elsewhere = town.make.community()
    id_ = town.register(actor, community_code=elsewhere.code)
    town.post(f"/registrations/{id_}/acceptance", town.make.community_secretary(elsewhere))

    evidence = town.get(path, actor)
    assert evidence["counted"] == []
    (item,) = evidence["not_counted"]
    assert "组织关系在社区" in item["reason"]


def test_the_day_of_the_answer_says_whether_it_is_provisional(town: Town) -> None:
    assert town.get("/registrations", town.secretary)["items"] == []
    town.register()
    with clock.at(clock.now().replace(year=clock.LAST_PUBLISHED.year + 1, month=3)):
        late = town.make.actor(town.make.member())
        town.register(late)
    items = town.get("/registrations", town.secretary)["items"]

    assert items[0]["answer_due_provisional"] is True


def test_the_street_lists_what_is_overdue(town: Town) -> None:
    id_ = town.register()
    assert town.get("/registrations?overdue=true", town.street)["items"] == []
    town.session.execute(
        sa.update(CommunityRegistration).values(answer_due_on=clock.today() - timedelta(days=1))
    )
    town.session.expire_all()

    (found,) = town.get("/registrations?overdue=true", town.street)["items"]
    assert (found["id"], found["member"]) == (id_, None)


def test_any_number_of_communities_beside_the_first(town: Town) -> None:
    town.standing()
    for _ in range(2):
        town.register(community_code=town.make.community().code, kind="additional")

    kinds = [one["kind"] for one in town.get("/me/registrations", town.member)["items"]]
    assert sorted(kinds) == ["additional", "additional", "primary"]


def test_who_is_held_out_of_lists_is_not_listed_once_received(town: Town) -> None:
    id_ = town.register(visibility="unit_only")
    assert len(town.get("/registrations", town.secretary)["items"]) == 1
    town.post(f"/registrations/{id_}/acceptance", town.secretary)

    assert town.get("/registrations", town.secretary)["items"] == []
    assert town.duty("2i")["verdict"] == "met"

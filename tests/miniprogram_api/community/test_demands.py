"""Demands over HTTP: from whoever brings one to the community's answer, and who reads what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.demands.models import DemandKind
from backend.community.demands.triage import Decision
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from tests.backend.community.demands.scene import TITLE, Scene
from tests.factories import Make
from tests.http_client import ApiClient

WISH: dict[str, Any] = {"kind": "micro_wish", "title": "想要一台收音机"}


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


class Asked:
    """Requests of one person, and what is answered."""

    def __init__(self, client: ApiClient, scene: Scene) -> None:
        self.client, self.scene = client, scene

    def bring(self, actor: Actor, expect: int = 201, **changed: Any) -> Any:
        body = {"community_code": self.scene.community.code, "title": TITLE} | changed
        return self.client.request("POST", "/demands", as_=actor, json=body, expect=expect)

    def post(self, actor: Actor, id_: int, step: str, expect: int = 200, **body: Any) -> Any:
        path = f"/demands/{id_}/{step}"
        return self.client.request("POST", path, as_=actor, json=body or None, expect=expect)

    def get(self, actor: Actor, path: str, expect: int = 200) -> Any:
        return self.client.request("GET", path, as_=actor, expect=expect)

    def ids(self, actor: Actor, path: str = "/demands") -> list[int]:
        return [one["id"] for one in self.get(actor, path)["items"]]


@pytest.fixture
def asked(client: ApiClient, scene: Scene) -> Asked:
    return Asked(client, scene)


def test_a_resident_brings_a_demand_and_reads_how_it_goes_to_the_end(
    asked: Asked, scene: Scene
) -> None:
    sent = asked.bring(scene.resident, content="夜间看不清台阶")
    id_ = sent["id"]
    waiting = asked.ids(scene.secretary, "/demands?decidable=true")
    accepted = asked.post(scene.secretary, id_, "triage", decision="accept")
    scene.publish()
    closed = asked.post(scene.secretary, id_, "closing", outcome="solved", reason="已换新灯具")
    seen = asked.get(scene.resident, f"/demands/{id_}")
    outside = asked.get(scene.neighbour, f"/demands/{id_}")
    said = asked.post(
        scene.resident, id_, "evaluation", solved=True, satisfied=True, comment="亮多了"
    )

    assert (sent["status"], sent["mine"], sent["source"]) == ("submitted", True, "resident")
    assert waiting == [id_]
    assert accepted["status"] == "accepted"
    assert (closed["status"], closed["closed_on"]) == ("solved", clock.today().isoformat())
    assert seen["decision_reason"] == outside["decision_reason"] == "已换新灯具"
    assert (said["solved"], said["comment"]) == (True, "亮多了")
    kinds = [row.kind for row in scene.told(scene.resident)]
    assert kinds == ["demands.decided", "demands.published", "demands.closed"]
    told = [row.kind for row in scene.told(scene.secretary)]
    assert told == ["demands.submitted", "demands.evaluated"]


def test_the_source_follows_from_who_acts(asked: Asked, scene: Scene) -> None:
    sources = {
        "resident": asked.bring(scene.resident),
        "member": asked.bring(scene.member),
        "grid_worker": asked.bring(scene.grid_worker),
        "community": asked.bring(scene.secretary),
        "unit": asked.bring(scene.contact, unit_id=scene.unit_id),
    }
    elsewhere = asked.bring(scene.other_secretary)

    assert {source: row["source"] for source, row in sources.items()} == {
        source: source for source in sources
    }
    assert elsewhere["source"] == "member"
    assert sources["unit"]["unit"]["name"] == "城市服务局"
    assert sources["member"]["unit"] is None


def test_only_its_contact_speaks_for_a_unit(asked: Asked, scene: Scene) -> None:
    answer = asked.bring(scene.member, 422, unit_id=scene.unit_id)

    assert list(answer["fields"]) == ["unit_id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "长" * 61),
        ("title", "请拨打13800138000"),
        ("title", "请拨打 138-0013-8000 联系"),
        ("content", "电话:+8613800138000。"),
        ("content", "身份证460106199001011234需要补办"),
        ("content", "４６０１０６１９９００１０１１２３Ｘ"),
        ("content", "长" * 1001),
        ("needed_by", "2020-01-01"),
        ("kind", "wish"),
        ("beneficiary_code", "A12B"),
        ("beneficiary_code", "a12b"),
        ("community_code", "1"),
        ("community_code", "460199999999"),
        ("unit_id", 0),
        ("status", "published"),
    ],
    ids=range(16),
)
def test_a_wrong_field_is_named(asked: Asked, scene: Scene, field: str, value: Any) -> None:
    answer = asked.bring(scene.secretary, 422, **{field: value})

    assert list(answer["fields"]) == [field]


def test_numbers_that_lead_to_nobody_are_no_matter(asked: Asked, scene: Scene) -> None:
    text = "2026-11-28 至 2026-12-31，路灯编号 20261128000123456，预算 150 元，楼高 18 层。"

    assert asked.bring(scene.resident, content=text)["content"] == text


def test_a_closed_community_takes_no_demand_and_names_its_successor(
    asked: Asked, scene: Scene, session: Session
) -> None:
    scene.community.valid_to = clock.today()
    session.flush()

    assert "community_code" in asked.bring(scene.resident, 422)["fields"]


def test_a_wish_is_of_somebody_known_by_a_code(asked: Asked, scene: Scene) -> None:
    own = asked.bring(scene.resident, **WISH)
    given = asked.bring(scene.grid_worker, **WISH, beneficiary_code="HH01")
    more = asked.bring(scene.secretary, **WISH, beneficiary_code="HH01")
    refused = [
        asked.bring(scene.resident, 422, **WISH, beneficiary_code="HH01"),
        asked.bring(scene.contact, 422, **WISH, beneficiary_code="HH01", unit_id=scene.unit_id),
    ]

    assert len(own["beneficiary_code"]) == 8
    assert given["beneficiary_code"] == more["beneficiary_code"] == "HH01"
    assert all(list(answer["fields"]) == ["beneficiary_code"] for answer in refused)


def test_a_draft_is_nobody_elses_until_it_is_sent(asked: Asked, scene: Scene) -> None:
    draft = asked.bring(scene.resident, draft=True, **WISH)
    path = f"/demands/{draft['id']}"
    asked.get(scene.secretary, path, 404)
    written = {"kind": "micro_wish", "title": "想要一副老花镜"}
    anew = asked.client.request("PUT", path, as_=scene.resident, json=written, expect=200)
    sent = asked.post(scene.resident, draft["id"], "submission")
    again = asked.post(scene.resident, draft["id"], "submission")
    late = asked.client.request("PUT", path, as_=scene.resident, json=written, expect=409)

    assert draft["status"] == "draft"
    assert draft["submitted_at"] is None
    assert (anew["title"], anew["beneficiary_code"]) == (
        "想要一副老花镜",
        draft["beneficiary_code"],
    )
    assert (sent["status"], sent) == ("submitted", again)
    assert late["code"] == "demand_state_forbids"
    assert len(scene.told(scene.secretary, "demands.submitted")) == 1


def test_a_wish_that_becomes_a_demand_loses_its_code(asked: Asked, scene: Scene) -> None:
    draft = asked.bring(scene.resident, draft=True, **WISH)
    path, body = f"/demands/{draft['id']}", {"kind": "demand"}
    anew = asked.client.request("PUT", path, as_=scene.resident, json=body, expect=200)

    assert (anew["kind"], anew["beneficiary_code"]) == ("demand", None)


def test_an_old_draft_is_looked_at_again_before_it_is_sent(asked: Asked, scene: Scene) -> None:
    today = clock.today()
    with clock.at(clock.now() - timedelta(days=10)):
        old = scene.bring(draft=True, needed_by=today - timedelta(days=5))
    answer = asked.post(scene.resident, old.id, "submission", 422)

    assert list(answer["fields"]) == ["needed_by"]


def test_what_was_sent_is_for_the_community_and_above_only(asked: Asked, scene: Scene) -> None:
    id_ = scene.bring().id

    for actor in (scene.resident, scene.secretary, scene.grid_worker, scene.officer):
        assert asked.ids(actor) == [id_]
    for actor in (scene.neighbour, scene.member, scene.contact, scene.other_secretary):
        assert asked.ids(actor) == []
        asked.get(actor, f"/demands/{id_}", 404)


def test_nobody_learns_who_brought_it(asked: Asked, scene: Scene) -> None:
    row = scene.published(scene.member)
    name = scene.make.session_member(scene.member).name
    sources = {}
    for who in ("member", "secretary", "grid_worker", "officer", "neighbour", "contact"):
        answer = asked.get(getattr(scene, who), f"/demands/{row.id}")
        assert name not in str(answer)
        assert answer["mine"] is (who == "member")
        sources[who] = answer["source"]

    assert sources == {
        "member": "member",
        "secretary": "member",
        "grid_worker": None,
        "officer": None,
        "neighbour": None,
        "contact": None,
    }


def test_a_units_demand_belongs_to_its_contact_whoever_that_is(asked: Asked, scene: Scene) -> None:
    row = scene.bring(scene.contact, unit_id=scene.unit_id)
    successor = scene.make.unit_contact(scene.branch)

    assert asked.ids(successor, "/me/demands") == [row.id]
    assert asked.post(successor, row.id, "withdrawal")["status"] == "withdrawn"


def test_my_demands_are_my_own_and_my_units(asked: Asked, scene: Scene) -> None:
    mine, _ = scene.bring(scene.resident, draft=True), scene.published(scene.neighbour)
    of_unit = scene.bring(scene.contact, unit_id=scene.unit_id)

    assert asked.ids(scene.resident, "/me/demands") == [mine.id]
    assert asked.ids(scene.contact, "/me/demands") == [of_unit.id]
    assert asked.get(scene.resident, "/me/demands?with_total=true")["total"] == 1


def test_lists_are_filtered_and_counted(asked: Asked, scene: Scene) -> None:
    demand, wish = scene.published(), scene.bring(scene.grid_worker, kind=DemandKind.MICRO_WISH)
    code = scene.community.code

    assert asked.ids(scene.secretary, f"/demands?community_code={code}") == [wish.id, demand.id]
    assert asked.ids(scene.secretary, "/demands?kind=micro_wish") == [wish.id]
    assert asked.ids(scene.secretary, "/demands?status=published") == [demand.id]
    assert asked.get(scene.secretary, "/demands?limit=1&with_total=true")["total"] == 2
    assert asked.ids(scene.deputy, "/demands?decidable=true") == [wish.id]
    assert asked.ids(scene.grid_worker, "/demands?decidable=true") == []


@pytest.mark.parametrize("decision", ["refer", "decline"])
def test_a_reason_is_owed_to_whom_the_community_sends_away(
    asked: Asked, scene: Scene, decision: str
) -> None:
    row = scene.bring()
    refused = asked.post(scene.secretary, row.id, "triage", 422, decision=decision)
    done = asked.post(
        scene.secretary, row.id, "triage", decision=decision, reason="请向物业公司反映"
    )
    again = asked.post(
        scene.secretary, row.id, "triage", decision=decision, reason="请向物业公司反映"
    )
    other = asked.post(scene.deputy, row.id, "triage", 409, decision=decision, reason="同上")
    words = asked.post(scene.secretary, row.id, "triage", 409, decision=decision, reason="同上")

    assert list(refused["fields"]) == ["reason"]
    assert done == again
    assert words["code"] == "demand_done_otherwise"
    assert other["code"] == "demand_state_forbids"
    assert asked.get(scene.resident, f"/demands/{row.id}")["decision_reason"] == "请向物业公司反映"
    assert asked.get(scene.officer, f"/demands/{row.id}")["decision_reason"] is None
    (told,) = scene.told(scene.resident, "demands.decided")
    assert "请向物业公司反映" in told.body


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"decision": "merge"}, "merged_into_id"),
        ({"decision": "accept", "reason": "好"}, "reason"),
        ({"decision": "accept", "merged_into_id": 1}, "merged_into_id"),
        ({"decision": "decline", "reason": "重复", "title": "改"}, "title"),
        ({"decision": "accept", "content": "电话13800138000"}, "content"),
        ({"decision": "ignore"}, "decision"),
        ({}, "decision"),
    ],
    ids=range(7),
)
def test_a_decision_says_what_belongs_to_it(
    asked: Asked, scene: Scene, body: dict[str, Any], field: str
) -> None:
    row = scene.bring()
    path = f"/demands/{row.id}/triage"
    answer = asked.client.request("POST", path, as_=scene.secretary, json=body, expect=422)

    assert list(answer["fields"]) == [field]


def test_what_is_accepted_may_be_written_anew_for_publishing(asked: Asked, scene: Scene) -> None:
    row = scene.bring(title="灯坏了！！")
    body: dict[str, Any] = {
        "decision": "accept",
        "title": TITLE,
        "content": "三号楼二单元楼道照明损坏。",
    }
    done = asked.post(scene.secretary, row.id, "triage", **body)
    assert asked.post(scene.secretary, row.id, "triage", **body) == done
    for part in ({"title": "灯坏了"}, {"title": None}, {"content": None}, {"reason": "好"}):
        again = asked.post(scene.secretary, row.id, "triage", 409, **body | part)
        assert again["code"] == "demand_done_otherwise"
    scene.publish()
    mine = asked.get(scene.resident, f"/demands/{row.id}")
    outside = asked.get(scene.neighbour, f"/demands/{row.id}")

    assert (mine["title"], mine["original_title"], mine["original_content"]) == (
        TITLE,
        "灯坏了！！",
        "",
    )
    assert (outside["title"], outside["original_title"]) == (TITLE, None)


def test_one_is_merged_into_another_that_is_open_and_both_hear_of_it(
    asked: Asked, scene: Scene
) -> None:
    target, row = scene.accepted(), scene.bring(scene.neighbour)
    body: dict[str, Any] = {"decision": "merge", "merged_into_id": target.id}
    merged = asked.post(scene.secretary, row.id, "triage", **body)
    again = asked.post(scene.secretary, row.id, "triage", **body)
    body["merged_into_id"] = scene.accepted(scene.member).id
    other = asked.post(scene.secretary, row.id, "triage", 409, **body)
    assert other["code"] == "demand_done_otherwise"
    scene.publish()
    asked.post(scene.secretary, target.id, "closing", outcome="solved", reason="已修好")

    assert (merged["status"], merged["merged_into_id"]) == ("merged", target.id)
    assert merged == again
    assert asked.get(scene.neighbour, f"/demands/{target.id}")["merged_count"] == 1
    kinds = ["demands.decided", "demands.published", "demands.closed"]
    assert [told.kind for told in scene.told(scene.neighbour)] == kinds
    assert [told.kind for told in scene.told(scene.resident)] == kinds


def test_what_is_merged_ends_nowhere_else(asked: Asked, scene: Scene) -> None:
    row = scene.bring()
    waiting, foreign = scene.bring(scene.neighbour), scene.make.community()
    merged = scene.bring()
    scene.answer(merged, Decision.MERGE, merged_into_id=scene.accepted().id)
    elsewhere = asked.bring(scene.neighbour, community_code=foreign.code)

    for target in (row.id, waiting.id, merged.id, elsewhere["id"], 999_999):
        body: dict[str, Any] = {"decision": "merge", "merged_into_id": target}
        answer = asked.post(scene.secretary, row.id, "triage", 409, **body)
        assert answer["code"] == "cannot_merge_into"


def test_nobody_decides_about_the_own_unit(asked: Asked, scene: Scene) -> None:
    member = scene.make.session_member(scene.secretary)
    scene.make.appointment(member, Role.UNIT_CONTACT, unit_id=scene.unit_id)
    row = scene.bring(scene.contact, unit_id=scene.unit_id)
    answer = asked.post(scene.secretary, row.id, "triage", 403, decision="accept")
    seen = asked.get(scene.secretary, f"/demands/{row.id}")
    waits = asked.get(scene.deputy, f"/demands/{row.id}")

    assert answer["code"] == "not_your_decision"
    assert (seen["mine"], seen["decidable"]) == (True, False)
    assert (seen["can"], seen["next_step"]) == (["withdrawal"], None)
    assert (waits["can"], waits["next_step"]) == (["triage"], "triage")
    assert asked.ids(scene.secretary, "/demands?decidable=true") == []
    assert asked.post(scene.deputy, row.id, "triage", decision="accept")["status"] == "accepted"


def test_withdrawing_frees_whom_others_were_merged_with(asked: Asked, scene: Scene) -> None:
    target = scene.published()
    row = scene.bring(scene.neighbour)
    scene.answer(row, Decision.MERGE, merged_into_id=target.id)
    done = asked.post(scene.resident, target.id, "withdrawal")
    again = asked.post(scene.resident, target.id, "withdrawal")

    assert (done["status"], done) == ("withdrawn", again)
    asked.post(scene.neighbour, target.id, "withdrawal", 404)
    assert len(scene.told(scene.neighbour, "demands.closed")) == 1


def test_a_repeated_form_is_one_demand(asked: Asked, scene: Scene) -> None:
    body = {"community_code": scene.community.code, "title": TITLE}
    given: dict[str, Any] = {"as_": scene.resident, "json": body, "expect": 201}
    given["headers"] = {"Idempotency-Key": "form-1"}
    first = asked.client.request("POST", "/demands", **given)
    second = asked.client.request("POST", "/demands", **given)

    assert first == second
    assert asked.ids(scene.resident, "/me/demands") == [first["id"]]

"""What somebody asks of a registration is for who decides, until it is decided."""

import pytest
from sqlalchemy.orm import Session

from backend.community.registrations import requests
from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import PauseReason
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.mark.parametrize("role", ["home", "above"])
def test_the_home_branch_learns_nothing_of_what_is_only_asked(
    client: ApiClient, session: Session, rules: RulePack, make: Make, role: str
) -> None:
    community, above = make.community(), make.branch()
    home = make.branch(parent_id=above.id)
    asker, secretary = make.actor(make.member(home)), make.community_secretary(community)
    reader: Actor = make.branch_secretary({"home": home, "above": above}[role])
    said = Application(community_code=community.code)
    row = registrations.submit(session, rules, actor=asker, said=said)
    registrations.accept(session, rules, actor=secretary, registration_id=row.id)
    asked = requests.pause(
        session,
        rules,
        actor=asker,
        registration_id=row.id,
        said=requests.Asking(PauseReason.POSTING),
    ).request
    assert asked is not None

    def listed(actor: Actor) -> list[int]:
        path = "/registration-requests"
        items = client.request("GET", path, as_=actor, expect=200)["items"]
        return [item["id"] for item in items]

    assert (listed(reader), listed(secretary)) == ([], [asked.id])
    for step, body in (("refusal", {"reason": "x"}), ("withdrawal", None)):
        path = f"/registration-requests/{asked.id}/{step}"
        assert client.status("POST", path, as_=reader, json=body) == 404

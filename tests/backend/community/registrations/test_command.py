"""`flask close-community`, as an operator runs it."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result

from backend.community.claims import service as claims
from backend.community.demands import service as demands
from backend.community.demands.models import Demand
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.community.registrations import queries
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.support.notifications.models import Notification
from miniprogram_api.app import MiniProgramApi
from tests.backend.community.registrations.scene import Scene
from tests.factories import Make


def run(app: MiniProgramApi, *arguments: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["close-community", *arguments])


def test_an_operator_closes_a_community_once(
    committed: Database, committed_app: MiniProgramApi, rules: RulePack, keys: Crypto
) -> None:
    with committed.transaction() as session:
        scene = Scene(session, rules, Make(session, keys))
        scene.standing()
        successor = scene.make.community()
    codes = (scene.community.code, successor.code)

    done = run(committed_app, *codes)
    assert (done.exit_code, "转出报到 1 份" in done.output) == (0, True), done.output
    with committed.transaction() as session:
        (row,) = session.scalars(queries.live_of_member(scene.member.id)).all()
        assert row.community_id == successor.id
        assert session.get_one(Area, scene.community.id).successor_id == successor.id

    again = run(committed_app, *codes)
    assert again.exit_code == 1
    assert "已撤并" in again.output


def test_an_operator_parts_a_community_by_a_list(
    committed: Database,
    committed_app: MiniProgramApi,
    rules: RulePack,
    keys: Crypto,
    tmp_path: Path,
) -> None:
    with committed.transaction() as session:
        scene = Scene(session, rules, Make(session, keys))
        row = scene.standing()
        successor, other = scene.make.community(), scene.make.community()
    codes = (scene.community.code, successor.code)
    listed = tmp_path / "list.csv"

    listed.write_text("BD2026NOBODY,460106003005\n")
    refused = run(committed_app, *codes, "--elsewhere", str(listed))
    assert (refused.exit_code, "BD2026NOBODY" in refused.output) == (1, True), refused.output

    listed.write_text(f"{row.receipt_no},{other.code}\n")
    done = run(committed_app, *codes, "--elsewhere", str(listed))
    assert (done.exit_code, "1 份按名单" in done.output) == (0, True), done.output
    with committed.transaction() as session:
        (moved,) = session.scalars(queries.live_of_member(scene.member.id)).all()
        assert moved.community_id == other.id


def test_open_demands_and_projects_go_along_and_what_waits_is_told(
    committed: Database, committed_app: MiniProgramApi, rules: RulePack, keys: Crypto
) -> None:
    with committed.transaction() as session:
        make = Make(session, keys)
        old, successor = make.community(), make.community()
        secretary = make.community_secretary(successor)
        running = make.project(old)
        over = make.project(old, status=ProjectStatus.EXPIRED)
        claimant = make.actor(make.member(community_id=old.id))
        said = claims.Claiming()
        claims.claim(session, rules, actor=claimant, project_id=running.id, said=said)
        demand = demands.bring(
            session,
            actor=claimant,
            said=demands.Bringing(community_code=old.code, title="楼道没有灯"),
        )
        ids = (running.id, over.id, demand.id)

    done = run(committed_app, old.code, successor.code)

    assert (done.exit_code, "需求和项目 2 项" in done.output) == (0, True), done.output
    with committed.transaction() as session:
        moved, stays = (session.get_one(ServiceProject, one) for one in ids[:2])
        assert (moved.community_id, stays.community_id) == (successor.id, old.id)
        assert session.get_one(Demand, ids[2]).community_id == successor.id
        told = sa.select(Notification.kind).where(Notification.account_id == secretary.account_id)
        assert set(session.scalars(told)) == {"claims.submitted", "demands.submitted"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "不是文本"),
        ("一,二,三".encode(), "第1行"),
        (b'BD1,"460106003004', "第1行"),
        ("BD1,460106003004\nBD1,460106003004".encode("utf-16"), "第2行"),
    ],
)
def test_what_is_no_list_is_told_in_words(
    committed_app: MiniProgramApi, tmp_path: Path, content: bytes, said: str
) -> None:
    listed = tmp_path / "elsewhere.csv"
    listed.write_bytes(content)

    answer = run(committed_app, "460106003001", "460106003002", "--elsewhere", str(listed))

    assert (answer.exit_code, said in answer.output) == (1, True), answer.output

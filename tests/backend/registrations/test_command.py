"""`flask close-community`, as an operator runs it."""

from pathlib import Path

from click.testing import Result

from backend.areas.models import Area
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.settings import Settings
from backend.duties.rulepack import RulePack
from backend.registrations import queries
from miniprogram_api import compose
from miniprogram_api.app import create_app
from tests.backend.registrations.scene import Scene
from tests.factories import Make


def run(settings: Settings, database: Database, *arguments: str) -> Result:
    app = create_app(database, compose.services_for(settings, database))
    with app.app_context():
        return app.test_cli_runner().invoke(args=["close-community", *arguments])


def test_an_operator_closes_a_community_once(
    committed: Database, settings: Settings, rules: RulePack, keys: Crypto
) -> None:
    with committed.transaction() as session:
        scene = Scene(session, rules, Make(session, keys))
        scene.standing()
        successor = scene.make.community()
    codes = (scene.community.code, successor.code)

    done = run(settings, committed, *codes)
    assert (done.exit_code, "转出报到 1 份" in done.output) == (0, True), done.output
    with committed.transaction() as session:
        (row,) = session.scalars(queries.live_of_member(scene.member.id)).all()
        assert row.community_id == successor.id
        assert session.get_one(Area, scene.community.id).successor_id == successor.id

    again = run(settings, committed, *codes)
    assert again.exit_code == 1
    assert "已撤并" in again.output


def test_an_operator_parts_a_community_by_a_list(
    committed: Database, settings: Settings, rules: RulePack, keys: Crypto, tmp_path: Path
) -> None:
    with committed.transaction() as session:
        scene = Scene(session, rules, Make(session, keys))
        row = scene.standing()
        successor, other = scene.make.community(), scene.make.community()
    codes = (scene.community.code, successor.code)
    listed = tmp_path / "list.csv"

    listed.write_text("BD2026NOBODY,460106003005\n")
    refused = run(settings, committed, *codes, "--elsewhere", str(listed))
    assert (refused.exit_code, "BD2026NOBODY" in refused.output) == (1, True), refused.output

    listed.write_text(f"{row.receipt_no},{other.code}\n")
    done = run(settings, committed, *codes, "--elsewhere", str(listed))
    assert (done.exit_code, "1 份按名单" in done.output) == (0, True), done.output
    with committed.transaction() as session:
        (moved,) = session.scalars(queries.live_of_member(scene.member.id)).all()
        assert moved.community_id == other.id

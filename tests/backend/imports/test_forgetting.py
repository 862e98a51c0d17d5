"""What nobody decides about is forgotten, and what lost its job is taken up again."""

from datetime import timedelta

import sqlalchemy as sa

from backend.core import clock
from backend.core.actor import Actor
from backend.imports import service, working
from backend.imports.models import ImportedThing, ImportFile, ImportRow
from backend.imports.models import ImportStatus as S
from backend.people.organizations.models import Organization
from tests.backend.imports.scene import HEAD, A, B, Scene
from tests.backend.imports.tables import text


def test_a_day_without_a_decision_is_the_end_of_a_file(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    waiting = scene.begin(city, text([HEAD, ("黄小梅", A, branch.name)]))
    shown = scene.bring(city, [("黄小梅", A, branch.name)])
    with clock.at(clock.now() + timedelta(hours=23)):
        assert service.purge(scene.session) == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        assert service.purge(scene.session) == 2

    assert (scene.fresh(waiting).status, shown.status) == (S.DISCARDED, S.DISCARDED)
    for model in (ImportFile, ImportRow):
        assert scene.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_what_was_written_can_be_taken_back_for_a_month(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    row = scene.commit(city, scene.bring(city, [("黄小梅", A, branch.name)]))
    kept = sa.select(sa.func.count()).select_from(ImportedThing)
    with clock.at(clock.now() + timedelta(days=29)):
        service.purge(scene.session)
        assert scene.session.scalar(kept) == 1
    with clock.at(clock.now() + timedelta(days=31)):
        service.purge(scene.session)

    assert scene.session.scalar(kept) == 0
    assert scene.fresh(row).status is S.COMMITTED


def test_a_lost_job_is_taken_up_again(scene: Scene, city: Actor, branch: Organization) -> None:
    row = scene.begin(city, text([HEAD, ("丙丁", B, branch.name)]))
    scene.session.execute(sa.text("DELETE FROM procrastinate_jobs"))
    assert working.take_up(scene.session) == 0
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert working.take_up(scene.session) == 1
        assert working.take_up(scene.session) == 0
    jobs = sa.text("SELECT args->>'import_id' FROM procrastinate_jobs WHERE task_name = :task")

    assert scene.session.scalars(jobs, {"task": "imports:read"}).all() == [str(row.id)]


def test_a_file_that_a_crash_took_is_asked_for_again(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    row = scene.begin(city, text([HEAD, ("丙丁", B, branch.name)]))
    scene.session.execute(sa.delete(ImportFile))
    scene.checked(row)

    assert (row.status, row.problem) == (S.FAILED, working.LOST)

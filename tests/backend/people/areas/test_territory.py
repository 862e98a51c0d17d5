"""The real divisions of Haikou, loaded and read."""

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.errors import Conflict
from backend.core.installation import InstallationKind, kind_of
from backend.figures import setup
from backend.people.areas import service
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.people.members.models import Member
from tests.factories import Make
from tests.http_client import ApiClient

KINDS = {
    AreaKind.STREET: 21,
    AreaKind.TOWN: 22,
    AreaKind.OTHER_TOWNSHIP: 3,
    AreaKind.RESIDENTS_COMMITTEE: 198,
    AreaKind.VILLAGE: 250,
    AreaKind.OTHER: 19,
}


def test_all_519_divisions_are_loaded_with_their_kinds(session: Session) -> None:
    assert setup.load_territory(session) == 519

    levels = dict(
        session.execute(sa.select(Area.level, sa.func.count()).group_by(Area.level)).all()
    )
    assert levels == {
        AreaLevel.PROVINCE: 1,
        AreaLevel.CITY: 1,
        AreaLevel.DISTRICT: 4,
        AreaLevel.TOWNSHIP: 46,
        AreaLevel.COMMUNITY: 467,
    }
    for kind, number in KINDS.items():
        assert session.scalar(sa.select(sa.func.count()).where(Area.kind == kind)) == number


def test_loading_again_changes_nothing(session: Session) -> None:
    setup.load_territory(session)

    assert setup.load_territory(session) == 0


def test_a_renamed_division_is_renamed_and_nothing_else(session: Session, tmp_path: Path) -> None:
    setup.load_territory(session)
    with setup.DIVISIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    next(row for row in rows if row["code"] == "460106003004")["name"] = "国贸新社区"
    changed = tmp_path / "divisions.csv"
    with changed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)

    assert setup.load_territory(session, changed) == 1
    assert service.get(session, "460106003004").name == "国贸新社区"


def test_every_row_carries_the_ids_of_the_levels_above(session: Session) -> None:
    setup.load_territory(session)
    community = service.get(session, "460106003004")
    above = [
        session.get_one(Area, key).code
        for key in (community.township_id, community.district_id, community.city_id)
    ]

    assert above == ["460106003", "460106", "460100"]


def test_virtual_divisions_are_hidden(session: Session) -> None:
    setup.load_territory(session)

    hidden = session.scalars(sa.select(Area.code).where(Area.hidden)).all()
    assert hidden
    assert {code[-3:] for code in hidden} <= {"498", "598"}


def test_names_are_not_unique_and_the_list_says_so(session: Session) -> None:
    setup.load_territory(session)
    twice = (
        sa.select(Area.name)
        .where(Area.level == AreaLevel.COMMUNITY)
        .group_by(Area.name)
        .having(sa.func.count() > 1)
    )

    assert len(session.scalars(twice).all()) >= 3


def test_two_of_one_name_are_told_apart_by_where_they_lie(
    client: ApiClient, session: Session, make: Make
) -> None:
    actor = make.actor(make.member())
    session.execute(sa.update(Area).values(code="460199").where(Area.code == "460100"))
    setup.load_territory(session)

    page = client.request("GET", "/areas?q=新村&level=community", as_=actor, expect=200)
    twice = [area for area in page["items"] if area["name"] == "新村村委会"]
    places = {(area["district"]["name"], area["township"]["name"]) for area in twice}
    assert len(twice) == len(places) == 2
    assert {area["level"] for area in page["items"]} == {"community"}


@pytest.mark.parametrize(("query", "number"), [("50%", 0), ("_", 0), ("国贸", 1), ("金贸", 1)])
def test_part_of_a_name_is_taken_literally(session: Session, query: str, number: int) -> None:
    setup.load_territory(session)

    assert len(session.scalars(service.listed(q=query)).all()) == number


def test_areas_are_listed_by_parent_in_order_of_the_list(
    client: ApiClient, session: Session, make: Make
) -> None:
    actor = make.actor(make.member())
    session.execute(sa.update(Area).values(code="460199").where(Area.code == "460100"))
    setup.load_territory(session)

    page = client.request("GET", "/areas?parent_code=460100", as_=actor, expect=200)
    assert [area["name"] for area in page["items"]] == ["秀英区", "龙华区", "琼山区", "美兰区"]
    shown = client.request("GET", "/areas/460106003004", as_=actor, expect=200)
    assert shown["kind"] == "residents_committee"
    client.request("GET", "/areas/000000", as_=actor, expect=404)


def test_a_real_city_starts_with_territory_and_notice_and_without_people(
    session: Session,
) -> None:
    assert setup.init_city(session, "460100") == 519

    assert kind_of(session) is InstallationKind.REAL
    assert session.scalars(sa.select(Member)).all() == []
    with pytest.raises(Conflict, match="already_initialised"):
        setup.init_city(session, "460100")


def test_the_demo_refuses_a_database_with_anything_else_in_it(
    session: Session, owner: sa.Connection
) -> None:
    setup.refuse_foreign_database(session, demo=True)
    setup.init_city(session, "460100")

    with pytest.raises(Conflict, match="foreign_database"):
        setup.refuse_foreign_database(session, demo=True)
    assert owner.scalar(sa.text("SELECT 1")) == 1

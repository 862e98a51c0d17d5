"""Rules of projects, tested without HTTP."""

import pytest
from sqlalchemy.orm import Session

from backend.community.projects import service
from backend.community.projects.flow import FLOW
from backend.community.projects.models import ProjectStatus
from backend.core.errors import Conflict, Forbidden
from tests.factories import Make


def test_a_draft_is_opened_by_its_secretary_and_by_nobody_else(
    session: Session, make: Make
) -> None:
    community = make.community()
    project = make.project(community, status=ProjectStatus.DRAFT)
    secretary, other = make.community_secretary(community), make.actor(make.member())
    opened = service.open_for_claims(session, actor=secretary, project_id=project.id)

    assert opened.status is ProjectStatus.OPEN
    with pytest.raises(Forbidden, match="not_your_community"):
        service.open_for_claims(session, actor=other, project_id=project.id)


@pytest.mark.parametrize("state", list(ProjectStatus))
@pytest.mark.parametrize("event", sorted(FLOW.machine.events))
def test_what_is_not_in_the_table_is_refused(state: ProjectStatus, event: str) -> None:
    allowed = {(t.source, t.event): t.target for t in FLOW.machine.transitions}
    if (state, event) in allowed:
        assert FLOW.machine.after(state, event) is allowed[state, event]
    else:
        with pytest.raises(Conflict, match="project_state_forbids"):
            FLOW.machine.after(state, event)

"""What becomes of a demand as projects for it open and end. Written by its own capability."""

from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.projects.demands.models import Demand


def open_demand(session: Session, actor: Actor, demand_id: int) -> Demand:
    raise NotImplementedError


def match(session: Session, demand: Demand) -> None:
    raise NotImplementedError


def let_go(session: Session, demand_id: int) -> None:
    raise NotImplementedError


def fulfil(session: Session, demand_id: int) -> None:
    raise NotImplementedError

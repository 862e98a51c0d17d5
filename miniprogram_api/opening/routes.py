"""How far the opening of the city is."""

from collections.abc import Sequence

from backend.figures import opening
from backend.figures.opening import Item
from miniprogram_api.http import Blueprint, actor, outside, services, session
from miniprogram_api.opening.schemas import OpeningOut

blueprint = Blueprint("opening", __name__, description="开通")


@blueprint.get("")
@blueprint.response(200, OpeningOut)
def show_opening() -> dict[str, Sequence[Item]]:
    """Show what is there and what is missing, step by step; nothing about anybody."""
    opening.check(actor())
    answers = outside(services().wechat.answers)
    found = opening.items(session(), services().settings, actor=actor(), wechat_answers=answers)
    return {"items": found}

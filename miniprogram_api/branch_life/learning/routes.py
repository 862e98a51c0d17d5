"""The branch secretary publishes learning materials, the branch reads them freely."""

from typing import Any

from backend.branch_life.learning import lists, service
from backend.branch_life.learning.flow import FLOW
from backend.branch_life.learning.models import LearningMaterial
from backend.branch_life.learning.service import Material
from miniprogram_api import steps
from miniprogram_api.branch_life.learning.schemas import (
    MaterialDetailOut,
    MaterialIn,
    MaterialOut,
    MaterialQuery,
)
from miniprogram_api.http import Blueprint, Page, actor, fetch_page, page_of, paging, session
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("learning-materials", __name__, description="学习材料")


@blueprint.post("")
@idempotent
@blueprint.arguments(MaterialIn)
@blueprint.response(201, MaterialDetailOut)
def publish(said: Material) -> LearningMaterial:
    """Publish material to the own branch."""
    return service.publish(session(), actor=actor(), said=said)


@blueprint.get("")
@blueprint.arguments(MaterialQuery, location="query")
@blueprint.response(200, page_of(MaterialOut))
def list_materials(query: dict[str, Any]) -> Page:
    """List what there is to read in the actor's branches, newest first."""
    page = paging(query)
    return fetch_page(lists.listed(actor(), **query), LearningMaterial.id, **page)


@blueprint.get("/<int:material_id>")
@blueprint.response(200, MaterialDetailOut)
def read(material_id: int) -> LearningMaterial:
    """Read material. Nothing is recorded about it."""
    return service.detail(session(), actor=actor(), material_id=material_id)


steps.serve(blueprint, FLOW, MaterialDetailOut, "material_id")

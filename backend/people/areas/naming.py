"""What the bodies of an area are called on paper."""

from backend.people.areas.models import Area, AreaKind, AreaLevel

COMMITTEES = ("居民委员会", "村民委员会", "居委会", "村委会")
PARTY = {
    AreaKind.STREET: "党工委",
    AreaKind.TOWN: "党委",
}


def party_organization(area: Area) -> str:
    """Return the Party organisation that receives registrations: of a community or a street."""
    name = area.name
    if area.level is AreaLevel.TOWNSHIP:
        return f"{name.removesuffix('办事处')}{PARTY.get(area.kind, '党组织')}"
    for ending in COMMITTEES:
        name = name.removesuffix(ending)
    return f"{name}党组织"

"""The names under which rules say whom they bind; `subjects` knows how each is found."""

from backend.ledger.models import SubjectKind

# Kinds of areas, by the word a rule uses.
AREAS = ("city", "district", "street", "town", "residents_committee")
NAMED = {
    "organ_member": SubjectKind.MEMBER,
    "branch": SubjectKind.ORGANIZATION,
    "leading_body": SubjectKind.ORGANIZATION,
    "organ_unit": SubjectKind.UNIT,
    "member_unit": SubjectKind.UNIT,
}


def subject_kind_of(scope: str) -> SubjectKind | None:
    """Return what a scope's subjects are; None where a fact alone says it. Raises ValueError."""
    kind, _, which = scope.partition(":")
    if scope in NAMED:
        return NAMED[scope]
    if kind == "area" and which in AREAS:
        return SubjectKind.AREA
    if kind == "holders" and which.isidentifier():
        return None
    raise ValueError(
        f"no such scope: {scope}; there are {', '.join(NAMED)}, "
        f"area:{{{'|'.join(AREAS)}}} and holders:<fact>"
    )

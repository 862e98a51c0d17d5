"""Who answers for the service: what the about page must show (spec 8.6)."""

from miniprogram_api.about.schemas import AboutOut
from miniprogram_api.http import Blueprint, services

blueprint = Blueprint("about", __name__, description="关于")


@blueprint.get("")
@blueprint.response(200, AboutOut)
def show_about() -> dict[str, str | None]:
    """Show operator, filing number and where to complain; null where nothing is configured."""
    settings = services().settings
    return {
        "operator": settings.operator_name or None,
        "filing_number": settings.filing_number or None,
        "complaints": settings.complaints_contact or None,
    }

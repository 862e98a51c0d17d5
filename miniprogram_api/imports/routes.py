"""Lists that offices bring: a file goes up, is checked by the worker, and is written when told."""

from typing import Any

from flask import Response

from backend import capabilities
from backend.imports import service, staging, templates, viewing
from backend.imports.flow import FLOW
from backend.imports.models import Import, ImportRow
from backend.imports.service import Mapped
from miniprogram_api import steps
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    outside,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.imports.schemas import (
    ColumnsIn,
    ImportOut,
    ImportRowOut,
    ImportWholeOut,
    RowQuery,
    TargetQuery,
)
from miniprogram_api.imports.uploads import BODY, WORKBOOK, XLSX, read_table

blueprint = Blueprint("imports", __name__, description="名单导入")


@blueprint.post("")
@blueprint.doc(requestBody=BODY)
@blueprint.response(202, ImportOut)
def begin() -> Import:
    """Send a list as xlsx or CSV; it is read and checked by the worker, and nothing is written."""
    service.refuse_strangers(capabilities.IMPORT_TARGETS, actor())
    name, data, wanted = outside(read_table)
    target = service.target_of(capabilities.IMPORT_TARGETS, wanted, actor())
    return service.begin(
        session(), services().crypto, actor=actor(), target=target, name=name, data=data
    )


@blueprint.get("")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(ImportOut))
def list_imports(query: dict[str, Any]) -> Page:
    """List one's own imports, the last first."""
    return fetch_page(viewing.listed(actor()), Import.id, **paging(query))


@blueprint.get("/template")
@blueprint.arguments(TargetQuery, location="query")
@blueprint.doc(**WORKBOOK)
def download_template(query: dict[str, str]) -> Response:
    """Download an empty list with its heads and a line as an example."""
    target = service.template_of(capabilities.IMPORT_TARGETS, query["target"], actor())
    answer = Response(templates.of(target), content_type=XLSX)
    answer.headers["Content-Disposition"] = f"attachment; filename={target.name}.xlsx"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/<int:import_id>")
@blueprint.response(200, ImportWholeOut)
def show(import_id: int) -> Import:
    """Show how far an import is, its columns, and how many rows there are of each kind."""
    return viewing.whole(session(), services().crypto, actor=actor(), import_id=import_id)


@blueprint.put("/<int:import_id>/columns")
@blueprint.arguments(ColumnsIn)
@blueprint.response(200, ImportWholeOut)
def map_columns(said: Mapped, import_id: int) -> Import:
    """Say which column is what; all rows are checked anew."""
    row = service.map_columns(
        session(), capabilities.IMPORT_TARGETS, actor=actor(), import_id=import_id, said=said
    )
    return viewing.with_samples(session(), services().crypto, row)


@blueprint.get("/<int:import_id>/rows")
@blueprint.arguments(RowQuery, location="query")
@blueprint.response(200, page_of(ImportRowOut))
def list_rows(query: dict[str, Any], import_id: int) -> Page:
    """List rows in the order of the file, with what each would change or what is wrong with it."""
    page, keys = paging(query), services().crypto
    found = viewing.rows(session(), actor(), import_id, query["change"])
    rows = fetch_page(found, ImportRow.id, newest_first=False, **page)
    return Page([staging.shown(keys, row) for row in rows.items], rows.next_cursor, rows.total)


@blueprint.post("/<int:import_id>/undo")
@blueprint.response(200, ImportOut)
def undo(import_id: int) -> Import:
    """Take back what was written, while nothing is built on it."""
    return service.undo(
        session(),
        services().crypto,
        services().rules,
        capabilities.IMPORT_TARGETS,
        actor=actor(),
        import_id=import_id,
    )


steps.serve(blueprint, FLOW, ImportOut, "import_id", by_hand={"undo"})

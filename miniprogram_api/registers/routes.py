"""Registers: what is so from a day to a day, kept and read as their declarations say."""

from dataclasses import replace
from typing import Any

from flask import Response

from backend.core import clock
from backend.core.asker import asker_of
from backend.flows.steps import Reason
from backend.imports.registers import export
from backend.registers import choices, queries, reading, service, showing
from backend.registers.content import Writing
from backend.registers.flow import FLOW
from backend.registers.models import RegisterEntry
from backend.registers.service import Reviewed
from backend.registers.showing import Shown
from miniprogram_api import steps, versions
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    ReasonIn,
    actor,
    fetch_in_order,
    fetch_page,
    page_of,
    paging,
    services,
    session,
    slice_page,
)
from miniprogram_api.idempotency import idempotent
from miniprogram_api.registers.schemas import (
    ChoiceOut,
    ChoiceQuery,
    EntryEndingIn,
    ExportQuery,
    OnQuery,
    OpenedOut,
    RegisterEntryIn,
    RegisterEntryOut,
    RegisterEntryQuery,
    RegisterEntryWholeOut,
    RegisterOut,
    ReviewIn,
    ReviewOut,
)
from miniprogram_api.registers.tables import TABLE, TableFormat, table

blueprint = Blueprint("registers", __name__, description="名册")
entries = Blueprint("register-entries", __name__, description="名册")


@blueprint.get("")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(RegisterOut))
def list_registers(query: dict[str, Any]) -> Page:
    """List the registers of which one reads any entry, with what an entry is made of."""
    return slice_page(showing.registers_of(session(), actor()), **paging(query))


@blueprint.get("/<string:register>")
@blueprint.response(200, RegisterOut)
def show_register(register: str) -> Shown:
    """Show one register."""
    return showing.one(session(), actor(), register)


@blueprint.get("/<string:register>/entries")
@blueprint.arguments(RegisterEntryQuery, location="query")
@blueprint.response(200, page_of(RegisterEntryOut))
def list_entries(query: dict[str, Any], register: str) -> Page:
    """List the entries that are so on a day, in the order of their codes."""
    page, on = paging(query), query.pop("on") or clock.today()
    declared = service.find(actor(), register)
    shown = FLOW.shown(asker_of(actor()))
    found = queries.listed(shown, declared.name, on=on, **query)
    rows = fetch_in_order(found, RegisterEntry.code, RegisterEntry.id, **page)
    reading.fill(session(), rows.items, on)
    return rows


@blueprint.get("/<string:register>/choices")
@blueprint.arguments(ChoiceQuery, location="query")
@blueprint.response(200, page_of(ChoiceOut))
def list_choices(query: dict[str, Any], register: str) -> Page:
    """List what may be chosen for an entry: where it lies, or what it points to."""
    page, of, q = paging(query), query.pop("of"), query.pop("q", None)
    found, key = choices.of(session(), actor(), name=register, of=of, said=Writing(**query), q=q)
    rows = fetch_page(found, key, newest_first=False, **page)
    return replace(rows, items=choices.shown(session(), [*rows.items]))


@blueprint.post("/<string:register>/entries")
@idempotent
@blueprint.arguments(RegisterEntryIn)
@blueprint.response(201, RegisterEntryWholeOut)
def enter(said: Writing, register: str) -> tuple[RegisterEntry, int, dict[str, str]]:
    """Enter something into a register."""
    keys = services().crypto
    row = service.enter(session(), services().rules, keys, actor=actor(), name=register, said=said)
    return row, 201, versions.tagged(row.revision)


@blueprint.get("/<string:register>/export")
@blueprint.arguments(ExportQuery, location="query")
@blueprint.doc(**TABLE)
def take_out(query: dict[str, Any], register: str) -> Response:
    """Take out what one sees of a register, in the columns in which an import takes it back."""
    shape = query.pop("format")
    found = export.of(session(), actor(), register, **query)
    made = export.as_csv(found) if shape is TableFormat.CSV else export.as_xlsx(found)
    return table(made, shape, f"{register}-{found.on}")


@blueprint.post("/<string:register>/review")
@blueprint.arguments(ReviewIn)
@blueprint.response(200, ReviewOut)
def review(place_code: str, register: str) -> Reviewed:
    """Say that a register of a place has been looked through and is whole."""
    return service.review(session(), actor=actor(), name=register, place_code=place_code)


@entries.get("/<int:entry_id>")
@entries.arguments(OnQuery, location="query")
@entries.response(200, RegisterEntryWholeOut)
def show(query: dict[str, Any], entry_id: int) -> tuple[RegisterEntry, int, dict[str, str]]:
    """Show an entry as it is today or was on a day, with its history."""
    row = service.show(session(), actor(), entry_id, on=query["on"])
    return row, 200, versions.tagged(row.revision)


@entries.put("/<int:entry_id>")
@entries.doc(parameters=[versions.VERSION])
@entries.arguments(RegisterEntryIn)
@entries.response(200, RegisterEntryWholeOut)
def change(said: Writing, entry_id: int) -> tuple[RegisterEntry, int, dict[str, str]]:
    """Write how an entry is from a day on: 412 when somebody else wrote in between."""
    told = replace(said, revision=versions.read("这条登记"))
    row = service.change(
        session(), services().rules, services().crypto, actor=actor(), entry_id=entry_id, said=told
    )
    return row, 200, versions.tagged(row.revision)


@entries.post("/<int:entry_id>/unsealing")
@entries.arguments(ReasonIn)
@entries.response(200, OpenedOut)
def unseal(said: Reason, entry_id: int) -> dict[str, Any]:
    """Open the sealed part of an entry, with a reason that stays on record."""
    opened = service.opened(
        session(), services().rules, services().crypto, actor=actor(), entry_id=entry_id, said=said
    )
    return {"values": opened}


steps.serve(
    entries,
    FLOW,
    RegisterEntryWholeOut,
    "entry_id",
    [EntryEndingIn],
    by_hand={"change", "unsealing"},
)

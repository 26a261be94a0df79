"""Completing what is unknown of an operator, and who may sign for it: through four eyes. Callers hold scope staff.

Bank details are among it: the maker is never the checker (core.approvals), whoever they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import Actor, record
from core.db import lock, session
from core.errors import NotFound, Refused
from governance.models import Operator, OperatorSignatory
from governance.operators.events import SIGNATORY_ENDED, SIGNATORY_RECORDED
from governance.rules import Paper
from governance.services import OPERATOR_LABELS, complete_operator

COMPLETE, SIGNATORY = "operator_completion", "operator_signatory"


def operator(operator_id: int) -> Operator:
    """Raises NotFound."""
    found = session().get(Operator, operator_id)
    if found is None:
        raise NotFound("Deze stelselbeheerder bestaat niet.")
    return found


def unknown_fields(row: Operator) -> list[str]:
    """Names of the fields that can still be filled in."""
    return [name for name in OPERATOR_LABELS if getattr(row, name) is None]


def waiting(operator_id: int) -> list[Approval]:
    """Requests about an operator on which nobody decided yet."""
    mine = {COMPLETE, SIGNATORY}
    return [row for row in approvals.waiting() if row.kind in mine and row.payload["operator"] == operator_id]


def propose_completion(row: Operator, values: Mapping[str, str | None], logo: Paper | None, actor: Actor) -> Approval:
    """Ask a colleague to check what was unknown. Raises Refused when nothing is filled in, when something is known by
    now, or while another request waits."""
    if any(one.kind == COMPLETE for one in waiting(row.id)):
        raise Refused("Er ligt al een verzoek bij een collega. Wacht tot die het heeft bekeken.")
    filled = {name: value for name, value in values.items() if value}
    if logo is not None:
        filled["logo_sha256"] = logo.sha256
    if not filled:
        raise Refused("Vul ten minste één gegeven in.")
    for name in filled:
        if getattr(row, name) is not None:
            raise Refused(f"{OPERATOR_LABELS[name]} is al bekend en ligt vast. Ververs de pagina.")
    return approvals.request_approval(
        COMPLETION_KIND,
        actor,
        f"gegevens van stelselbeheerder {row.name} aanvullen",
        {"operator": row.id, "values": filled},
        before={"Stelselbeheerder": row.name, **{OPERATOR_LABELS[name]: "niet bekend" for name in filled}},
        after={"Stelselbeheerder": row.name, **{OPERATOR_LABELS[name]: _shown(name, filled[name]) for name in filled}},
    )


def _shown(name: str, value: str) -> str:
    if name == "logo_sha256":
        return f"toegevoegd (controlegetal {value[:12]})"
    return filters.iban(value) if name == "iban" else value


def _complete(approval: Approval, actor: Actor) -> None:
    row = operator(approval.payload["operator"])
    lock(row)
    try:
        complete_operator(row, approval.payload["values"], actor)
    except ValueError as error:
        sentence = str(error)
        raise Refused(sentence[:1].upper() + sentence[1:]) from error


def propose_signatory(
    row: Operator, name: str, function: str, starts_on: date, last_day: date | None, actor: Actor
) -> Approval:
    """Ask a colleague to check who may sign. Raises Refused for days outside the time of this operator, or somebody
    who may sign then already."""
    ends_before = last_day + timedelta(days=1) if last_day else None
    _demand_signatory(row, name, starts_on, ends_before)
    shown = f"{name}, {function}, vanaf {filters.day(starts_on)}"
    return approvals.request_approval(
        SIGNATORY_KIND,
        actor,
        f"tekeningsbevoegde van stelselbeheerder {row.name} vastleggen",
        {
            "operator": row.id,
            "name": name,
            "function": function,
            "starts_on": starts_on.isoformat(),
            "ends_before": ends_before.isoformat() if ends_before else None,
        },
        before={"Stelselbeheerder": row.name},
        after={
            "Stelselbeheerder": row.name,
            "Mag tekenen": f"{shown} tot en met {filters.day(last_day)}" if last_day else shown,
        },
    )


def _demand_signatory(row: Operator, name: str, starts_on: date, ends_before: date | None) -> None:
    if ends_before is not None and ends_before <= starts_on:
        raise Refused("De laatste dag ligt voor de eerste dag. Controleer de datums.", field="last_day")
    if starts_on < row.starts_on:
        raise Refused(
            f"{row.name} is stelselbeheerder vanaf {filters.day(row.starts_on)}. Controleer de datum.",
            field="starts_on",
        )
    for other in row.signatories:
        overlaps = (ends_before is None or other.starts_on < ends_before) and (
            other.ends_before is None or starts_on < other.ends_before
        )
        if other.name == name and overlaps:
            raise Refused("Deze persoon mag in die tijd al tekenen. Kies andere dagen.", field="name")


def _record_signatory(approval: Approval, actor: Actor) -> None:
    payload = approval.payload
    row = operator(payload["operator"])
    lock(row)
    session().expire(row, ["signatories"])
    starts_on = date.fromisoformat(payload["starts_on"])
    ends_before = date.fromisoformat(payload["ends_before"]) if payload["ends_before"] else None
    _demand_signatory(row, payload["name"], starts_on, ends_before)
    session().add(
        OperatorSignatory(
            operator_id=row.id,
            name=payload["name"],
            function=payload["function"],
            starts_on=starts_on,
            ends_before=ends_before,
        )
    )
    session().flush()
    session().expire(row, ["signatories"])
    record(
        SIGNATORY_RECORDED,
        actor,
        subject=f"operator:{row.id}",
        name=row.name,
        function=payload["function"],
        starts_on=filters.day(starts_on),
    )


def end_signatory(row: OperatorSignatory, last_day: date, actor: Actor) -> None:
    """Somebody signs no longer after a day. Raises Refused when that was recorded before, or the day is too early."""
    lock(row)
    if row.ends_before is not None:
        raise Refused("Van deze persoon ligt de laatste dag al vast.")
    if last_day < row.starts_on:
        raise Refused("Deze dag ligt voor de eerste dag. Controleer de datum.", field="last_day")
    row.ends_before = last_day + timedelta(days=1)
    session().flush()
    record(
        SIGNATORY_ENDED,
        actor,
        subject=f"operator:{row.operator_id}",
        name=operator(row.operator_id).name,
        function=row.function,
        last_day=filters.day(last_day),
    )


def signatory(operator_id: int, signatory_id: int) -> OperatorSignatory:
    """Raises NotFound."""
    found = session().get(OperatorSignatory, signatory_id)
    if found is None or found.operator_id != operator_id:
        raise NotFound("Deze tekeningsbevoegde bestaat niet.")
    return found


def signs_today(row: OperatorSignatory) -> bool:
    return row.starts_on <= clock.today() and (row.ends_before is None or clock.today() < row.ends_before)


COMPLETION_KIND = approvals.register(
    approvals.Kind(COMPLETE, "Gegevens van de stelselbeheerder aanvullen", "operator:confirm", _complete)
)
SIGNATORY_KIND = approvals.register(
    approvals.Kind(SIGNATORY, "Tekeningsbevoegde van de stelselbeheerder", "operator:confirm", _record_signatory)
)

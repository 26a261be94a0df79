"""Recording a zero tariff, its review and its end, on decisions of the board and by two people; and telling finance in
time. Callers hold scope staff and a transaction."""

from __future__ import annotations

from datetime import date

from sqlalchemy.dialects.postgresql import insert

from billing.events import ZERO_TARIFF_RECORDED
from billing.kinds import CarryOver
from billing.models import ZeroTariff, ZeroTariffReview
from billing.tariffs.queries import zero_tariffs
from billing.tariffs.recording.events import FINANCE_WARNED, ZERO_TARIFF_REVIEWED
from billing.tariffs.recording.models import ZeroTariffWarning
from billing.tariffs.recording.queries import (
    REVIEW_NAME,
    ZERO_NAME,
    addresses_of,
    pressing_zero_tariffs,
    zero_tariff,
)
from billing.tariffs.recording.rules import why_not_from, why_not_reviewed
from billing.tariffs.recording.services import CONFIRM, LOCK, board_decision, demand_nothing_waits, numbered
from core import approvals, clock, filters
from core.approvals import Approval
from core.audit import SYSTEM, Actor, record
from core.db import advisory_lock, session
from core.errors import Refused
from core.mail import queue_mail
from core.web import absolute_url
from governance.kinds import DecisionKind
from identity.kinds import StaffRole


def propose_zero_tariff(
    starts_on: date,
    review_on: date | None,
    ends_before: date | None,
    carry_over: CarryOver,
    decision_id: int | None,
    actor: Actor,
) -> Approval:
    """Ask a colleague to record that new subscriptions from a day on have an annual fee of nothing."""
    advisory_lock(LOCK)
    _demand_zero_tariff(starts_on, review_on, ends_before)
    decision = board_decision(decision_id, DecisionKind.ZERO_TARIFF)
    demand_nothing_waits(ZERO_NAME, "zero")
    return approvals.request_approval(
        ZERO,
        actor,
        f"jaartarief € 0,00 vastleggen voor abonnementen vanaf {filters.day(starts_on)}",
        {
            "about": "zero",
            "starts_on": starts_on.isoformat(),
            "review_on": _iso(review_on),
            "ends_before": _iso(ends_before),
            "carry_over": carry_over.value,
            "decision": decision_id,
        },
        before={},
        after={
            "Abonnementen die ingaan vanaf": filters.day(starts_on),
            **_shown(ends_before, review_on, carry_over),
            "Besluit": numbered(decision),
        },
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _shown(ends_before: date | None, review_on: date | None, carry_over: CarryOver) -> dict[str, str]:
    return {
        "Laatste dag": filters.day(filters.last_day(ends_before)) if ends_before else "nog niet besloten",
        "Opnieuw bekijken op": filters.day(review_on),
        "Na het einde": carry_over.label,
    }


def _demand_zero_tariff(starts_on: date, review_on: date | None, ends_before: date | None) -> None:
    today = clock.today()
    if why := why_not_from(starts_on, today):
        raise Refused(why, field="starts_on")
    if found := why_not_reviewed(starts_on, None, ends_before, review_on, today):
        raise Refused(found[1], field=found[0])
    for row in zero_tariffs():
        if row.ends_before is None or row.ends_before > starts_on:
            raise Refused(
                "Er geldt dan al een jaartarief € 0,00. Leg eerst het einde daarvan vast, of kijk er opnieuw naar.",
                field="starts_on",
            )


def _record_zero_tariff(approval: Approval, actor: Actor) -> None:
    advisory_lock(LOCK)
    payload = approval.payload
    starts_on = date.fromisoformat(payload["starts_on"])
    review_on, ends_before = _day(payload["review_on"]), _day(payload["ends_before"])
    _demand_zero_tariff(starts_on, review_on, ends_before)
    decision = board_decision(payload["decision"], DecisionKind.ZERO_TARIFF)
    last_day = filters.last_day(ends_before)
    made = ZeroTariff(
        decision_id=decision.id,
        starts_on=starts_on,
        first_ends_before=ends_before,
        first_review_on=review_on or last_day,
        first_carry_over=CarryOver(payload["carry_over"]),
        carry_over_to_confirm=False,
    )
    session().add(made)
    session().flush()
    record(
        ZERO_TARIFF_RECORDED,
        actor,
        subject=f"decision:{decision.id}",
        starts_on=filters.day(starts_on),
        decision=decision.number,
    )


def propose_review(
    zero: ZeroTariff,
    ends_before: date | None,
    review_on: date | None,
    carry_over: CarryOver,
    decision_id: int | None,
    actor: Actor,
) -> Approval:
    """Ask a colleague to record what the board decided on a zero tariff: its end, or when to look at it again."""
    advisory_lock(LOCK)
    _demand_review(zero, ends_before, review_on)
    decision = board_decision(decision_id, DecisionKind.ZERO_TARIFF)
    demand_nothing_waits(REVIEW_NAME, str(zero.id))
    return approvals.request_approval(
        REVIEW,
        actor,
        f"jaartarief € 0,00 vanaf {filters.day(zero.starts_on)}: einde of nieuwe dag vastleggen",
        {
            "about": str(zero.id),
            "zero_tariff": zero.id,
            "ends_before": _iso(ends_before),
            "review_on": _iso(review_on),
            "carry_over": carry_over.value,
            "decision": decision_id,
        },
        before=_shown(zero.ends_before, zero.review_on, zero.carry_over),
        after={**_shown(ends_before, review_on, carry_over), "Besluit": numbered(decision)},
    )


def _demand_review(zero: ZeroTariff, ends_before: date | None, review_on: date | None) -> None:
    found = why_not_reviewed(zero.starts_on, zero.ends_before, ends_before, review_on, clock.today())
    if found:
        raise Refused(found[1], field=found[0])


def _record_review(approval: Approval, actor: Actor) -> None:
    advisory_lock(LOCK)
    payload = approval.payload
    zero = zero_tariff(payload["zero_tariff"])
    ends_before, review_on = _day(payload["ends_before"]), _day(payload["review_on"])
    _demand_review(zero, ends_before, review_on)
    review_zero_tariff(zero, ends_before, review_on, CarryOver(payload["carry_over"]), payload["decision"], actor)


def review_zero_tariff(
    zero: ZeroTariff,
    ends_before: date | None,
    review_on: date | None,
    carry_over: CarryOver,
    decision_id: int,
    actor: Actor,
) -> ZeroTariffReview:
    """Record it for good; whoever calls this has seen to the second person."""
    decision = board_decision(decision_id, DecisionKind.ZERO_TARIFF)
    made = ZeroTariffReview(
        zero_tariff_id=zero.id,
        decision_id=decision.id,
        recorded_at=clock.now(),
        ends_before=ends_before,
        review_on=review_on,
        carry_over=carry_over,
    )
    session().add(made)
    session().flush()
    session().expire(zero, ["reviews"])
    until = f"tot en met {filters.day(filters.last_day(ends_before))}." if ends_before else "het blijft gelden."
    again = f" Opnieuw bekijken op {filters.day(review_on)}." if review_on else ""
    record(
        ZERO_TARIFF_REVIEWED,
        actor,
        subject=f"zero_tariff:{zero.id}",
        starts_on=filters.day(zero.starts_on),
        what=f"{until}{again} {carry_over.label}.",
        decision=decision.number,
    )
    return made


# ------------------------------------------------------------------------------------------------- in time


def warn_finance() -> int:
    """Mail finance about each zero tariff that ends or has to be looked at within three months, once for each such day.
    Returns how many were told of. While nobody is in finance it waits."""
    today = clock.today()
    told = 0
    recipients = addresses_of(StaffRole.FINANCE, today)
    for row in pressing_zero_tariffs(today) if recipients else []:
        first = (
            insert(ZeroTariffWarning)
            .values(zero_tariff_id=row.zero_tariff.id, due_on=row.due_on, mailed_at=clock.now())
            .on_conflict_do_nothing()
            .returning(ZeroTariffWarning.due_on)
        )
        if session().execute(first).first() is None:
            continue
        for recipient in recipients:
            queue_mail(
                recipient,
                f"Jaartarief € 0,00: {'einde' if row.ends else 'opnieuw bekijken'} op {filters.day(row.due_on)}",
                "zero_tariff_due",
                starts_on=filters.day(row.zero_tariff.starts_on),
                due_on=filters.day(row.due_on),
                ends=row.ends,
                carry_over=row.zero_tariff.carry_over.label,
                url=absolute_url("tariffs.list_tariffs"),
            )
        record(FINANCE_WARNED, SYSTEM, subject=f"zero_tariff:{row.zero_tariff.id}", due_on=filters.day(row.due_on))
        told += 1
    return told


ZERO = approvals.register(approvals.Kind(ZERO_NAME, "Jaartarief € 0,00 vastleggen", CONFIRM, _record_zero_tariff))
REVIEW = approvals.register(
    approvals.Kind(REVIEW_NAME, "Jaartarief € 0,00: einde of nieuwe dag", CONFIRM, _record_review)
)

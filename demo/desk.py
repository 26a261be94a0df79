"""What lies on the desks of the staff in the demonstration, besides the journeys: something to do for each of them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.db import session, transaction
from identity.kinds import StaffRole
from identity.models import Account
from identity.queries import account_by_email
from identity.services import actor_of
from identity.staff.services import request_role_change
from onboarding.agreements.review.queries import link_of
from onboarding.agreements.review.services import ask, share
from participants.declarations.services import declare
from participants.kinds import Stage
from participants.models import Organisation, Participant


def leave() -> None:
    """Requests for a second pair of eyes and a question of a lawyer, all about invented people and organisations."""
    today = clock.today()
    with clock.at(today - timedelta(days=2)), transaction():
        request_role_change(
            staff_member("auditor"),
            StaffRole.PRIVACY,
            actor_of(staff_member("applicatie.a")),
            grant=True,
            last_day=today + timedelta(days=60),
            reason="Vervangt een collega (voorbeeld).",
        )
        creditor = _fictional(Stage.LIVE, "creditor")
        if creditor is not None:
            number, reason = 1200, "Voorbeeldmail van de deelnemer."
            declare(creditor, number, clock.today(), actor_of(staff_member("relatie.a")), reason=reason)
        applying = _fictional(Stage.ACCEPTED, "creditor")
        if applying is not None:
            link = link_of(share(applying, actor_of(staff_member("relatie.a"))))
            ask(link, "Een jurist (voorbeeld)", "Wie is in artikel 6 de verwerker, en wie de verantwoordelijke?")


def staff_member(name: str) -> Account:
    """The persona whose address begins so."""
    account = account_by_email(f"{name}@voorbeeld.invalid")
    if account is None:
        raise LookupError(f"there is no persona {name}")
    return account


def _fictional(stage: Stage, role_code: str) -> Participant | None:
    """The newest invented participant in a stage and a role."""
    query = (
        select(Participant)
        .join(Participant.organisation)
        .where(Organisation.fictional, Participant.stage == stage, Participant.role_code == role_code)
        .order_by(Participant.id.desc())
        .limit(1)
    )
    return session().execute(query).scalar_one_or_none()

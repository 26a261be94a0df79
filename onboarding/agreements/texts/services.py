"""Taking in versions of the text. Callers hold scope staff or JOB and a transaction."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import select

from core.audit import Actor, record
from core.db import session
from core.errors import Refused
from core.filters import day
from governance.kinds import DecisionKind
from governance.models import Decision, Operator
from governance.services import demand_decision
from onboarding.agreements import events, rules
from onboarding.models import AgreementText

TITLE = "Aansluit- en verwerkersovereenkomst Schuldenknooppunt"


def import_text(
    version: str,
    body: str,
    starts_on: date,
    operator: Operator,
    decision: Decision,
    actor: Actor,
    *,
    title: str = TITLE,
) -> AgreementText:
    """Take in a version of the text. The same version with the same words again changes nothing.

    Raises InvalidText for markup that cannot be read, Refused when the version exists with other words, when another
    version starts on that day, or when it does not rest on a decision of the board about just that.
    """
    rules.parse(body)
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    found = session().execute(select(AgreementText).where(AgreementText.version == version)).scalar_one_or_none()
    if found is not None:
        if (found.sha256, found.starts_on, found.title) != (sha256, starts_on, title):
            raise Refused(f"Versie {version} bestaat al met een andere inhoud. Geef de nieuwe tekst een nieuw nummer.")
        return found
    demand_decision(decision, DecisionKind.AGREEMENT_TEXT)
    other = select(AgreementText.version).where(AgreementText.starts_on == starts_on)
    if taken := session().execute(other).scalar_one_or_none():
        raise Refused(f"Vanaf {day(starts_on)} geldt al versie {taken}. Kies een andere dag.")
    row = AgreementText(
        version=version,
        title=title,
        starts_on=starts_on,
        operator_id=operator.id,
        decision_id=decision.id,
        body=body,
        sha256=sha256,
    )
    session().add(row)
    session().flush()
    record(
        events.TEXT_IMPORTED,
        actor,
        subject=f"agreement_text:{row.id}",
        version=version,
        starts_on=day(starts_on),
        decision=decision.number,
    )
    return row

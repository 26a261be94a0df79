"""Accounts for tests."""

from __future__ import annotations

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from identity import services
from identity.kinds import AccountKind, ParticipantRole, StaffRole
from identity.models import Account
from participants.models import Participant, Representation

_numbers = count(1)


class People:
    """Makes the smallest account that can do something."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def staff(self, *roles: StaffRole, name: str | None = None) -> Account:
        number = next(_numbers)
        account = services.create_account(
            AccountKind.STAFF, f"medewerker{number}@voorbeeld.invalid", name or f"Medewerker {number}"
        )
        for role in roles:
            services.grant_role(account, role, starts_on=date(2020, 1, 1))
        self.session.commit()
        return account

    def of(self, participant: Participant, *roles: ParticipantRole, name: str | None = None) -> Account:
        """Somebody who acts for a participant."""
        number = next(_numbers)
        account = services.create_account(
            AccountKind.PARTICIPANT, f"collega{number}@deelnemer.invalid", name or f"Collega {number}"
        )
        for role in roles:
            self.session.add(
                Representation(
                    account_id=account.id, participant_id=participant.id, role=role, starts_on=date(2020, 1, 1)
                )
            )
        self.session.commit()
        return account

    def applicant(self, name: str | None = None) -> Account:
        number = next(_numbers)
        account = services.create_account(
            AccountKind.PARTICIPANT, f"aanmelder{number}@deelnemer.invalid", name or f"Aanmelder {number}"
        )
        self.session.commit()
        return account

"""Who has to be told of a data breach, and before when (art. 33 and 34 GDPR)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from governance.privacy.kinds import DataRole, Risk

AUTHORITY_TERM = timedelta(hours=72)


def tell_authority_before(discovered_at: datetime) -> datetime:
    """As controller: 72 hours after we became aware of it (art. 33(1)). Nights and weekends count."""
    return discovered_at + AUTHORITY_TERM


def clock_text(until: datetime, now: datetime) -> str:
    """How much time is left, in whole hours: "nog 31 uur", "nog 20 minuten", "3 uur te laat"."""
    minutes = int((until - now).total_seconds() // 60)
    if minutes >= 60:
        return f"nog {minutes // 60} uur"
    if minutes >= 0:
        return f"nog {minutes} {'minuut' if minutes == 1 else 'minuten'}"
    late = -minutes
    return f"{late // 60} uur te laat" if late >= 60 else f"{late} {'minuut' if late == 1 else 'minuten'} te laat"


@dataclass(frozen=True)
class Facts:
    """Of a breach, what decides on what is still to be done."""

    role: DataRole
    risk: Risk
    told_authority: bool
    why_not_authority: bool
    """A reason is recorded why the authority is not told."""
    told_people: bool
    why_not_people: bool
    affected: int
    """Participants that are named as affected."""
    affected_untold: int


def still_to_do(facts: Facts) -> Sequence[str]:
    """What has to happen before a breach can be closed, as Dutch sentences; none means that it can.

    As processor: tell every affected controller without delay (art. 33(2)). As controller: tell the authority unless a
    risk is unlikely (art. 33(1)), and tell the people when the risk is high (art. 34(1)), or record why not.
    """
    if facts.role is DataRole.PROCESSOR:
        if not facts.affected:
            return ("Noem welke deelnemers dit raakt.",)
        if facts.affected_untold:
            return ("Meld het zonder vertraging aan de deelnemers die het raakt.",)
        return ()
    found = []
    if facts.risk is Risk.UNKNOWN:
        found.append("Beoordeel het risico voor mensen.")
    if not facts.told_authority:
        if facts.risk is not Risk.UNLIKELY:
            found.append("Meld het bij de Autoriteit Persoonsgegevens.")
        elif not facts.why_not_authority:
            found.append("Leg vast waarom u het niet meldt bij de Autoriteit Persoonsgegevens.")
    if facts.risk is Risk.HIGH and not facts.told_people and not facts.why_not_people:
        found.append("Vertel het de mensen om wie het gaat, of leg vast waarom dat niet hoeft (art. 34 lid 3 AVG).")
    return tuple(found)


def clock_runs(facts: Facts) -> bool:
    """Whether the 72 hours are still running: as controller, until the authority was told or it is not needed."""
    if facts.role is DataRole.PROCESSOR or facts.told_authority:
        return False
    return not (facts.risk is Risk.UNLIKELY and facts.why_not_authority)

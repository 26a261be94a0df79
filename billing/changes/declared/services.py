"""What another declared number means for the category. The colleague who agrees with the declaration sees it first; so
one agreement of two people is enough. It holds from the coming 1 January."""

from __future__ import annotations

from billing.changes import queries
from billing.changes.finding.queries import candidate_of
from billing.changes.kinds import ChangeStage
from billing.changes.rules import next_first_of_january
from billing.changes.services import lapse, record_decided
from billing.tariffs.queries import classification_of, policy_on
from billing.tariffs.rules import NoCategory, annual_fee, classify
from core import clock
from core.approvals import Approval
from core.audit import Actor
from core.errors import UserError
from core.filters import day as in_words
from core.filters import euro
from participants.declarations.services import Consequence, Effect, register_consequence
from participants.kinds import MeasurementKind
from participants.models import Participant
from participants.queries import connection_period

LABEL = "Tariefcategorie"


def explain(participant: Participant, value: int) -> Effect:
    """The category now and by the new number; nothing where it does not go by files, or cannot be said."""
    day = next_first_of_january(clock.today())
    try:
        policy = policy_on(day)
        found = classification_of(participant, day, policy)
        category = classify(policy.categories[participant.role.audience], value)
    except (UserError, NoCategory):
        return Effect()
    if found.basis != MeasurementKind.FILES.value:
        return Effect()
    before = f"{found.category}, jaartarief {euro(found.annual_fee)}"
    if category.name == found.category:
        return Effect({LABEL: before}, {LABEL: f"{before} (blijft gelijk)"})
    fee = annual_fee(category, value, policy.open_top)
    after = f"{category.name}, jaartarief {euro(fee)}, vanaf {in_words(day)}"
    return Effect({LABEL: before}, {LABEL: after})


def follow(participant: Participant, approval: Approval, actor: Actor) -> None:
    """The number was agreed on and recorded: the category changes with it, and the participant is told."""
    waiting = queries.open_change(participant.id)
    if waiting is not None and waiting.stage is ChangeStage.PROPOSED:
        lapse(waiting, actor)
    today = clock.today()
    period = connection_period(participant.id, today)
    if period is None:
        return
    try:
        day = next_first_of_january(today)
        zero = policy_on(day).zero_rule(period.starts_on)
        candidate = candidate_of(participant, day, pays_nothing=zero is not None and zero.is_free_in(day.year))
    except UserError:  # no tariffs yet
        return
    if candidate is not None:
        record_decided(candidate, approval, actor)


DECLARED = register_consequence(Consequence(explain, follow))

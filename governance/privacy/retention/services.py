"""Propose what may be cleared away, and do it after approval. Nothing here commits."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select

from core import approvals, clock, filters
from core import db as database
from core.approvals import Approval, Outcome
from core.audit import SYSTEM, SYSTEM_NAME, Actor, Entry, Person, record
from core.db import advisory_lock, scoped, session
from core.errors import Refused
from governance.privacy.models import RetentionTerm
from governance.privacy.retention import events, queries
from governance.privacy.retention.rules import RULES, RetentionRule, digest, months_before

SYSTEM_KEY = uuid.UUID("5d0a2f36-3b5e-4a7e-9a53-6f2f0c6c0a01")
"""The key under which the system itself asks for approval: a request needs an asker, and any person may check it."""
START = date(2020, 1, 1)
MOST_MONTHS = 600
ROUND = timedelta(days=28)


def _the_system() -> Actor:
    if session().get(Person, SYSTEM_KEY) is None:
        session().add(Person(key=SYSTEM_KEY, name=SYSTEM_NAME))
        session().flush()
    return Actor(SYSTEM.kind, SYSTEM_KEY)


# ------------------------------------------------------------------------------------------- terms


def load_default_terms(actor: Actor) -> int:
    """Record the term of every rule that has none, to be confirmed. Returns how many were missing."""
    advisory_lock("governance-retention-terms")
    known = set(session().execute(select(RetentionTerm.rule)).scalars())
    missing = [rule for rule in RULES.values() if rule.name not in known]
    for rule in missing:
        _add_term(rule, rule.months, actor, starts_on=START, reason="keuze tot bevestiging", to_confirm=True)
    if missing:
        record(events.TERMS_LOADED, actor, subject="retention", count=len(missing))
    return len(missing)


def set_term(rule: RetentionRule, months: int, actor: Actor, *, starts_on: date, reason: str) -> RetentionTerm:
    """Another term from a day on. Raises Refused for a day in the past, or not after the latest term."""
    advisory_lock("governance-retention-terms")
    if not 1 <= months <= MOST_MONTHS:
        raise Refused(f"Kies een termijn van 1 tot en met {MOST_MONTHS} maanden.", field="months")
    if starts_on < clock.today():
        raise Refused("Een bewaartermijn gaat niet in het verleden in. Kies vandaag of later.", field="starts_on")
    earlier = queries.terms_of(rule.name)
    if earlier and earlier[0].starts_on >= starts_on:
        since = filters.day(earlier[0].starts_on)
        raise Refused(f"Er is al een termijn vanaf {since}. Kies een latere dag.", field="starts_on")
    row = _add_term(rule, months, actor, starts_on=starts_on, reason=reason, to_confirm=False)
    record(
        events.TERM_SET,
        actor,
        subject=f"retention:{rule.name}",
        label=rule.label.lower(),
        months=months,
        starts_on=filters.day(starts_on),
        reason=reason,
    )
    return row


def _add_term(
    rule: RetentionRule, months: int, actor: Actor, *, starts_on: date, reason: str, to_confirm: bool
) -> RetentionTerm:
    row = RetentionTerm(
        rule=rule.name,
        months=months,
        starts_on=starts_on,
        reason=reason,
        to_confirm=to_confirm,
        recorded_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    return row


# ------------------------------------------------------------------------------------------- proposals


def propose(rule: RetentionRule, actor: Actor | None = None) -> Approval | None:
    """Ask approval to clear away what has passed its term today; None when there is nothing, or when exactly this was
    asked already. Without `actor` the system asks, and any one person with the permission may approve; a person who
    asks needs another. An older open proposal of the same rule is replaced."""
    advisory_lock(f"governance-retention-{rule.name}")
    today = clock.today()
    months = queries.months_on(rule, today)
    before = months_before(today, months)
    keys = queries.keys_before(rule, before)
    waiting = [row for row in queries.waiting() if row.payload["rule"] == rule.name]
    if any(set(row.payload["keys"]) == set(map(str, keys)) for row in waiting):
        return None
    for row in waiting:
        row.outcome, row.decided_at, row.reason = Outcome.DECLINED, clock.now(), "Vervangen door een nieuwer voorstel."
        record(events.REPLACED, actor or SYSTEM, subject=f"approval:{row.id}", label=rule.label.lower())
    if not keys:
        session().flush()
        return None
    check = digest(rule.name, before, keys)
    approval = approvals.request_approval(
        APPROVAL,
        actor or _the_system(),
        f"opruimen volgens het bewaarschema: {rule.label.lower()} ({len(keys)} keer)",
        {"rule": rule.name, "before": before.isoformat(), "digest": check, "keys": sorted(map(str, keys))},
        before={"Wat": rule.label, "Aantal": len(keys), "Termijn": f"{months} maanden"},
        after={
            "Wat": rule.label,
            "Aantal": 0,
            "Termijn": f"{months} maanden",
            "Ouder dan": filters.day(before),
            "Gevolg": rule.effect,
            "Controlegetal": check[:16],
        },
    )
    record(
        events.PROPOSED,
        actor or SYSTEM,
        subject=f"retention:{rule.name}",
        count=len(keys),
        label=rule.label.lower(),
        before=filters.day(before),
        digest=check[:16],
    )
    return approval


def propose_monthly() -> int:
    """The round of the system: every rule that was not proposed about for four weeks, so that a day on which the job
    could not run is made up for. Returns how many proposals it made."""
    since = clock.now() - ROUND
    return sum(propose(rule) is not None for rule in RULES.values() if not queries.was_proposed_since(rule.name, since))


def _carry_out(approval: Approval, actor: Actor) -> None:
    """What approval does: exactly the approved set, or nothing. Raises Refused (audited) when the set differs."""
    rule = queries.rule(approval.payload["rule"])
    advisory_lock(f"governance-retention-{rule.name}")
    before = date.fromisoformat(approval.payload["before"])
    keys = queries.keys_before(rule, before)
    check = digest(rule.name, before, keys)
    label = rule.label.lower()
    if check != approval.payload["digest"]:
        entry = Entry(events.DIFFERS, actor, {"label": label}, subject=f"approval:{approval.id}")
        raise Refused(
            "Er is intussen iets bij gekomen of af gegaan. Geef geen akkoord, en laat een nieuw voorstel maken.",
            entry=entry,
        )
    with scoped(database.JOB):  # some owners hide their rows from people; what is cleared away was approved
        rule.carry_out(keys)
    session().flush()
    record(
        events.CARRIED_OUT,
        actor,
        subject=f"retention:{rule.name}",
        count=len(keys),
        label=label,
        before=filters.day(before),
        digest=check[:16],
    )


APPROVAL = approvals.register(
    approvals.Kind(queries.KIND, "Opruimen volgens het bewaarschema", "retention:approve", _carry_out)
)

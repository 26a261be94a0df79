"""The core's own periodic jobs."""

from __future__ import annotations

from datetime import timedelta

from core import audit, jobs, limits, mail, submissions
from core.db import transaction
from core.jobs import periodic


@periodic("core:seal_audit_trail", "Verzegelt het logboek", cron="* * * * *", every=timedelta(minutes=1))
def seal_audit_trail() -> int:
    with transaction():
        return audit.seal()


@periodic("core:seal_stragglers", "Verzegelt wat laat bij het logboek kwam", cron="47 3 * * *", every=timedelta(days=1))
def seal_stragglers() -> int:
    with transaction():
        return audit.seal(thorough=True)


@periodic("core:deliver_mail", "Verstuurt de mail", cron="* * * * * */5", every=timedelta(minutes=1))
def deliver_mail() -> int:
    return mail.deliver()


@periodic("core:forget_rate_counts", "Ruimt tellingen van pogingen op", cron="17 3 * * *", every=timedelta(days=1))
def forget_rate_counts() -> int:
    with transaction():
        return limits.forget_old()


@periodic(
    "core:forget_submissions",
    "Ruimt sleutels van formulieren op",
    cron="27 3 * * *",
    every=timedelta(days=1),
)
def forget_submissions() -> int:
    with transaction():
        return submissions.forget_old()


@periodic("core:forget_jobs", "Ruimt afgebroken taken op", cron="37 3 * * *", every=timedelta(days=1))
def forget_jobs() -> int:
    with transaction():
        return jobs.forget_abandoned()

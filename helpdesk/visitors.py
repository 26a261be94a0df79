"""What every form for everybody does: check it, and count how often it is sent."""

from __future__ import annotations

from datetime import timedelta

from flask import request

from core.db import transaction
from core.errors import UserError
from core.limits import count_attempt
from core.permissions import current_caller
from core.visitors import GuardedForm

PER_ADDRESS, PER_MAIL, PER_ACCOUNT, HOUR = 20, 6, 60, timedelta(hours=1)
"""How often in an hour: one network address (an office shares one), one mail address, somebody who is signed in."""


def problem_with(form: GuardedForm, kind: str) -> int | None:
    """The status with which to show the form again when it is wrong or is sent too often; None when it is fine.
    Programs are counted as well."""
    if not form.validate_on_submit():
        return 422
    who = current_caller()
    try:
        if who is not None:
            _count(f"{kind}:account", str(who.account_id), PER_ACCOUNT)
        else:
            _count(f"{kind}:address", request.remote_addr or "", PER_ADDRESS)
            _count(f"{kind}:mail", str(form["email"].data), PER_MAIL)
    except UserError as error:
        form.refuse(error)
        return error.status
    return None


def is_by_a_program(form: GuardedForm) -> bool:
    """Whether to drop what was sent. Who is signed in is no program: his question is never dropped."""
    return current_caller() is None and form.is_by_a_program


def _count(kind: str, who: str, limit: int) -> None:
    with transaction():
        count_attempt(f"helpdesk:{kind}", who, limit=limit, window=HOUR)

"""Exceptions whose text may be shown to a user: a Dutch sentence that says what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.audit import Entry


class UserError(Exception):
    """Something the user can mend. `message` is a complete Dutch sentence; `field` names the form field, if one."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Refused(UserError):
    """A rule forbids the action. `entry`, when given, is written to the audit trail although the action is undone."""

    status = 409

    def __init__(self, message: str, *, entry: Entry | None = None, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.entry = entry
        self.recorded = False
        """Whether the entry has been written."""


class Forbidden(Refused):
    """The signed-in person lacks the permission."""

    status = 403


class NotFound(UserError):
    """Does not exist, or belongs to somebody else: the two look alike from outside on purpose."""

    status = 404


class Conflict(UserError):
    """A colleague changed the object after the form was opened."""

    status = 409


class TooMany(UserError):
    """The limit of attempts is reached; `retry_after` says after how many seconds one may try again."""

    status = 429

    def __init__(self, message: str, *, field: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(message, field=field)
        self.retry_after = retry_after

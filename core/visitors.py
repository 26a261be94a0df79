"""Forms for visitors, and how programs that fill in forms are recognised."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, StringField

from core import clock, submissions
from core.forms import Form

SHORTEST_VISIT = timedelta(seconds=2)
"""Who fills in a form faster than this is a program."""


class GuardedForm(Form):
    """A form for visitors. Programs that fill in every field, or fill it in at once, are recognised: no third party
    and no puzzle needed. Whoever is caught gets the same answer as everybody; nothing is kept.

    The template prints `guard(form)` of components/guard.html inside the form.
    """

    reden_van_bezoek = StringField("Laat dit veld leeg")
    """Hidden from people."""
    opened = HiddenField()
    key = HiddenField()
    """For sending once."""

    def seal(self) -> None:
        """Note when the page was opened."""
        self.opened.data = _serializer().dumps(clock.now().timestamp())
        self.key.data = submissions.new_key()

    @property
    def is_by_a_program(self) -> bool:
        if self.reden_van_bezoek.data or not self.key.data:
            return True
        try:
            opened = float(_serializer().loads(str(self.opened.data or "")))
        except (BadSignature, ValueError):
            return True
        return clock.now().timestamp() - opened < SHORTEST_VISIT.total_seconds()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="aanmelden")

"""Forms for visitors, and how programs that fill in forms are recognised."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import HiddenField, StringField

from core import clock, submissions
from core.forms import Form, email, long_text, text
from onboarding.applications import rules


class GuardedForm(Form):
    """A form for visitors. Programs that fill in every field, or fill it in at once, are recognised: no third party
    and no puzzle needed. Whoever is caught gets the same answer as everybody; nothing is kept."""

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
        return clock.now().timestamp() - opened < rules.SHORTEST_VISIT.total_seconds()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="aanmelden")


class StartForm(GuardedForm):
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres")


class InterestForm(GuardedForm):
    organisation = text("Naam van uw organisatie", "Vul de naam van uw organisatie in.", what="De naam")
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres")
    message = long_text("Wat wilt u weten of vertellen?", length=2000, what="Uw bericht")

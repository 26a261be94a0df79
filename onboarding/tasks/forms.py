"""What a person records for the task list."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask_wtf.file import FileField
from wtforms import HiddenField

from core import clock
from core.forms import DayField, Form, choice, long_text, text
from core.validators import Required
from onboarding.kinds import AuthorityBasis
from onboarding.tasks.services import Proof


class CheckForm(Form):
    done_on = DayField(
        "Op welke dag is dit gedaan?", [Required("Vul de dag in waarop dit is gedaan.")], default=clock.today
    )
    explanation = long_text("Toelichting", length=1000, what="De toelichting")

    @property
    def day(self) -> date:
        """The day that was filled in, once the form was found right."""
        return cast(date, self.done_on.data)


class AuthorityForm(Form):
    about = HiddenField()
    """The mail address of the signatory who was shown."""
    basis = choice("Waaruit blijkt dat deze persoon mag tekenen?", AuthorityBasis.choices(), "Kies een grond.")
    explanation = long_text(
        "Wat hebt u gezien?",
        "Schrijf in één of twee zinnen wat u hebt gezien.",
        length=1000,
        what="De toelichting",
        description="Bijvoorbeeld: zelfstandig bevoegd volgens het uittreksel van 3 november 2026.",
    )
    proof = FileField("Bewijsstuk")
    reference = text(
        "Waar is het gepubliceerd?",
        what="Dit veld",
        description="Als u geen bestand toevoegt: bijvoorbeeld het nummer van het mandaatbesluit en de vindplaats.",
    )

    def uploaded(self) -> Proof | None:
        """The chosen file; None when none was."""
        if not self.proof.data:
            return None
        return Proof(self.proof.data.filename or "", self.proof.data.read())

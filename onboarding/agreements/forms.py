"""Signing, refusing to sign, sharing and asking."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField

from core.forms import Form, email, long_text, text
from core.validators import Required


class SignForm(Form):
    """The words that are ticked stand beside the box; the view puts them there."""

    document = HiddenField()
    """Hash of the document that was read."""
    agreed = BooleanField("", [Required("Zet het vinkje als u het hiermee eens bent.")])


class ReasonForm(Form):
    reason = long_text("Reden", "Schrijf in één of twee zinnen waarom.", length=2000, what="De reden")


class ShareForm(Form):
    email = email("E-mailadres van wie meeleest", None)


class QuestionForm(Form):
    asked_by = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres", None, description="Dan krijgt u het antwoord per mail.")
    question = long_text("Uw vraag", "Schrijf uw vraag op.", what="De vraag")


class AnswerForm(Form):
    answer = long_text("Antwoord", "Schrijf een antwoord.", what="Het antwoord")

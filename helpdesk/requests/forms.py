"""The forms for asking help and for inviting us."""

from __future__ import annotations

from wtforms import MultipleFileField

from core.forms import email, long_text, radio, text
from core.visitors import GuardedForm
from helpdesk.kinds import RequestChannel
from helpdesk.requests.files import ACCEPT, ALLOWED
from helpdesk.rules import MEGABYTE, MOST_BYTES, MOST_FILES


class AskForm(GuardedForm):
    """A question of a visitor or of somebody of a participant."""

    subject = text("Onderwerp", "Schrijf in een paar woorden waar het over gaat.", length=120, what="Het onderwerp")
    question = long_text(
        "Uw vraag",
        "Schrijf uw vraag op.",
        length=5000,
        what="Uw vraag",
        description="Schrijf hier geen gegevens van mensen met schulden. Die horen niet in deze toepassing.",
    )
    files = MultipleFileField(
        "Bestanden",
        description=f"{ALLOWED} Hoogstens {MOST_FILES} bestanden van {MOST_BYTES // MEGABYTE} MB.",
        render_kw={"accept": ACCEPT},
    )
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres", description="Op dit adres krijgt u antwoord.")
    phone = text("Uw telefoonnummer", length=30, what="Een telefoonnummer")


class VisitorForm(AskForm):
    organisation = text("Naam van uw organisatie", what="De naam")


class StaffForm(AskForm):
    """A question of a colleague, or one that came by telephone."""

    channel = radio(
        "Hoe is de vraag gesteld?",
        [
            (str(RequestChannel.WEB.value), "Ik vraag het zelf"),
            (str(RequestChannel.PHONE.value), "Telefonisch, door iemand anders"),
        ],
        "Kies hoe de vraag is gesteld.",
        default=str(RequestChannel.WEB.value),
    )
    name = text("Naam", "Vul de naam in van wie de vraag stelt.", what="De naam")
    email = email("E-mailadres", description="Op dit adres komt het antwoord.")
    phone = text("Telefoonnummer", length=30, what="Een telefoonnummer")
    question = long_text(
        "De vraag",
        "Schrijf de vraag op.",
        length=5000,
        what="De vraag",
        description="Schrijf hier geen gegevens van mensen met schulden. Die horen niet in deze toepassing.",
    )


class InviteForm(GuardedForm):
    """An organisation invites us to one of its meetings."""

    organisation = text("Naam van uw organisatie", "Vul de naam van uw organisatie in.", what="De naam")
    name = text("Uw naam", "Vul uw naam in.", what="De naam")
    email = email("Uw e-mailadres")
    phone = text("Uw telefoonnummer", length=30, what="Een telefoonnummer")
    when = text(
        "Wanneer is de bijeenkomst?",
        "Schrijf wanneer de bijeenkomst is.",
        length=120,
        what="Dit veld",
        description="Een datum, of een periode, bijvoorbeeld ‘een dinsdag in maart’.",
    )
    place = text("Waar?", length=120, what="De plaats", description="Een plaats, of online.")
    audience = text(
        "Hoeveel mensen komen er, en wie?",
        "Schrijf ongeveer hoeveel mensen er komen.",
        length=200,
        what="Dit veld",
        description="Bijvoorbeeld 25 schuldhulpverleners.",
    )
    topic = long_text(
        "Waarover wilt u dat wij vertellen?", "Schrijf waarover het moet gaan.", length=2000, what="Dit veld"
    )

"""When a version may be switched on for one participant. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalogue.versions.kinds import Gate
from core.filters import day
from participants.kinds import Channel


@dataclass(frozen=True)
class Offered:
    """The version that somebody wants to have switched on."""

    name: str
    released_on: date | None
    shut: tuple[Gate, ...] = ()
    """What is still to be done before it is released."""
    retirement_announced_on: date | None = None
    retires_on: date | None = None
    channels: frozenset[Channel] = frozenset(Channel)
    needs_addendum: bool = False


@dataclass(frozen=True)
class Applicant:
    """What matters about the participant."""

    channel: Channel
    accepted_addendum: bool = False
    product: str | None = None
    """Software and supplier, as in "RegelHulp van Fictie Applicaties"; None when it is not known."""
    product_supports: bool = False
    """Whether it was recorded that the software speaks the messages of the version."""
    proven_by_test: bool = False
    """The participant itself passed the acceptance test: that says more than what a supplier states."""


@dataclass(frozen=True)
class Objection:
    """Why not, and who can change that."""

    reason: str
    lifted_by: str

    @property
    def sentence(self) -> str:
        return f"{self.reason} {self.lifted_by}"


def objection(version: Offered, participant: Applicant, on: date) -> Objection | None:
    """The first reason why this version cannot be switched on for this participant from a day; None when it can."""
    return _of_version(version, on) or _of_participant(version, participant)


def _of_version(version: Offered, on: date) -> Objection | None:
    if version.released_on is None:
        missing = "; ".join(f"{gate.in_a_sentence} (door {gate.lifted_by})" for gate in version.shut)
        return Objection(
            f"{version.name} is nog niet vrijgegeven.",
            f"Nog te doen: {missing}."
            if missing
            else "Relatiebeheer kan de vrijgave aanvragen; een collega keurt goed.",
        )
    if on < version.released_on:
        return Objection(
            f"{version.name} is vrijgegeven vanaf {day(version.released_on)}.", "Kies die dag of een latere."
        )
    if version.retires_on is not None and (version.retirement_announced_on or on) <= on:
        ended = version.retires_on <= on
        return Objection(
            f"{version.name} {'is afgelopen' if ended else 'loopt af'}:"
            f" vanaf {day(version.retires_on)} kan niemand deze versie meer gebruiken.",
            "Kies een nieuwere versie. Relatiebeheer weet welke er is.",
        )
    return None


def _of_participant(version: Offered, participant: Applicant) -> Objection | None:
    if version.needs_addendum and not participant.accepted_addendum:
        return Objection(
            f"De deelnemer heeft het addendum voor {version.name} nog niet aanvaard.",
            "Relatiebeheer legt de aanvaarding vast bij de modules van de deelnemer.",
        )
    if participant.channel not in version.channels:
        return Objection(
            f"{version.name} werkt niet met het kanaal {participant.channel.label}.",
            "De deelnemer kan een ander kanaal kiezen; relatiebeheer legt dat vast in het dossier.",
        )
    if participant.channel is not Channel.SYSTEM or participant.proven_by_test or participant.product_supports:
        return None
    if participant.product is None:
        return Objection(
            "Van deze deelnemer is niet bekend met welke software hij is gekoppeld.",
            "Relatiebeheer legt leverancier en pakket vast in het dossier.",
        )
    return Objection(
        f"Er is niet vastgelegd dat {participant.product} de berichten van {version.name} ondersteunt.",
        "De leverancier geeft het op; relatiebeheer legt het vast op de pagina van de versie.",
    )

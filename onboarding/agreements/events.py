"""What the audit trail says about agreements. Names of people are not facts: they can be erased."""

from __future__ import annotations

from core.audit import Event

TEXT_IMPORTED = Event(
    "onboarding:agreement_text:imported",
    "{actor} nam tekst {version} van de overeenkomst op, geldig vanaf {starts_on} (besluit {decision}).",
)
PREPARED = Event("onboarding:agreement:prepared", "{actor} maakte de overeenkomst (versie {version}) voor {name}.")
REPLACED = Event(
    "onboarding:agreement:replaced", "{actor} maakte de overeenkomst opnieuw voor {name}, want er is gewijzigd: {what}."
)
SIGNED = Event("onboarding:agreement:signed", "{actor} ondertekende de overeenkomst namens {name}.")
SIGNING_REFUSED = Event(
    "onboarding:agreement:signing_refused",
    "{actor} wilde de overeenkomst van {name} ondertekenen; dat kon niet: {why}",
    refusal=True,
)
DECLINED = Event(
    "onboarding:agreement:declined", "{actor} ondertekent de overeenkomst niet en trekt {name} terug. Reden: {reason}"
)
COUNTERSIGNED = Event(
    "onboarding:agreement:countersigned", "{actor} tekende de overeenkomst met {name} mede, namens {operator}."
)
COUNTERSIGNING_REFUSED = Event(
    "onboarding:agreement:countersigning_refused",
    "{actor} wilde de overeenkomst met {name} medeondertekenen; dat kon niet: {why}",
    refusal=True,
)
RETURNED = Event(
    "onboarding:agreement:returned",
    "{actor} stuurde de overeenkomst terug om opnieuw te laten ondertekenen. Reden: {reason}",
)
LINK_SHARED = Event("onboarding:share_link:created", "{actor} maakte een link om mee te lezen, geldig tot {until}.")
LINK_REVOKED = Event("onboarding:share_link:revoked", "{actor} trok een link om mee te lezen in.")
QUESTION_ASKED = Event("onboarding:legal_question:asked", "Een meelezer stelde een vraag over de overeenkomst.")
QUESTION_ANSWERED = Event(
    "onboarding:legal_question:answered", "{actor} beantwoordde een vraag van een meelezer over de overeenkomst."
)

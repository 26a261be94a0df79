"""What the audit trail says about requests for help and meetings. No names of visitors: those can be erased."""

from __future__ import annotations

from core.audit import Event

ASKED = Event("helpdesk:request:asked", "{actor} vroeg om hulp ({key}).")
RECORDED = Event("helpdesk:request:recorded", "{actor} noteerde een telefonische hulpvraag ({key}).")
INVITED = Event("helpdesk:invitation:sent", "{actor} nodigde ons uit voor een bijeenkomst ({key}).")
DELIVERED = Event("helpdesk:request:delivered", "{actor} stuurde {key} door naar de helpdesk, als {number}.")
MAILED = Event("helpdesk:request:mailed", "{actor} mailde {key} naar de helpdesk.")
NOT_DELIVERED = Event(
    "helpdesk:request:not_delivered", "{actor} kon {key} niet doorsturen naar de helpdesk.", internal=True
)
RETRIED = Event("helpdesk:request:retried", "{actor} liet {key} opnieuw doorsturen naar de helpdesk.", internal=True)
ANSWERED = Event("helpdesk:request:answered", "De helpdesk antwoordde op {key}.")
CLOSED = Event("helpdesk:request:closed", "De helpdesk sloot {key} af.")

MEETING_PLANNED = Event("helpdesk:meeting:planned", "{actor} zette '{title}' op de agenda, op {day}.")
MEETING_CHANGED = Event("helpdesk:meeting:changed", "{actor} wijzigde '{title}' op de agenda.")
MEETING_CANCELLED = Event("helpdesk:meeting:cancelled", "{actor} zegde '{title}' af. Reden: {reason}")
SIGNED_UP = Event("helpdesk:sign_up:registered", "{actor} meldde zich aan voor '{title}'.")
WAITS = Event("helpdesk:sign_up:waiting", "{actor} kwam op de wachtlijst voor '{title}'.")
MOVED_UP = Event("helpdesk:sign_up:moved_up", "Voor '{title}' kwam een plaats vrij voor wie op de wachtlijst stond.")
SIGNED_OFF = Event("helpdesk:sign_up:signed_off", "{actor} meldde zich af voor '{title}'.")
ERASED = Event("helpdesk:sign_up:erased", "{actor} wiste wie zich hadden aangemeld voor '{title}': {count}.")

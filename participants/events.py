"""What the audit trail says about organisations and participants. A contact is named by role: names can be erased."""

from __future__ import annotations

from core.audit import Event

ORGANISATION_ADDED = Event("participants:organisation:added", "{actor} voegde organisatie {name} toe ({source}).")
ORGANISATION_CHANGED = Event("participants:organisation:changed", "{actor} wijzigde {what} van {name} ({source}).")
ORGANISATION_RENAMED = Event(
    "participants:organisation:renamed", "{actor} wijzigde de naam {before} in {name} ({source})."
)
ORGANISATION_ENDED = Event(
    "participants:organisation:ended", "{actor} legde vast dat {name} op {last_day} voor het laatst bestond ({source})."
)
SUPPLIER_ADDED = Event("participants:supplier:added", "{actor} voegde leverancier {name} toe.")

REGISTERED = Event("participants:participant:registered", "{actor} meldde {name} aan als {role}.")
CHANGED = Event("participants:participant:changed", "{actor} wijzigde {what}.")
CONTACT_SET = Event("participants:contact:set", "{actor} vulde een contactpersoon in: {role}.")
CONTACT_CHANGED = Event("participants:contact:changed", "{actor} wijzigde een contactpersoon: {role}.")
CONTACT_REMOVED = Event("participants:contact:removed", "{actor} haalde een contactpersoon weg: {role}.")
INVOICE_DETAILS_SET = Event("participants:invoice_details:set", "{actor} vulde de factuurgegevens in.")
INVOICE_DETAILS_CHANGED = Event("participants:invoice_details:changed", "{actor} wijzigde de factuurgegevens: {what}.")
MEASURED = Event("participants:measurement:recorded", "{actor} legde vast: {kind} {value} op {day} ({source}).")
MUNICIPALITY_SERVED = Event("participants:municipality:served", "{actor} legde vast: werkt vanaf {day} voor {name}.")
MUNICIPALITY_LEFT = Event(
    "participants:municipality:left", "{actor} legde vast: werkt sinds {day} niet meer voor {name}."
)
ACTS_FOR = Event("participants:creditor:represented", "{actor} legde vast: handelt vanaf {day} namens {name}.")
ACTS_NO_LONGER_FOR = Event(
    "participants:creditor:unrepresented", "{actor} legde vast: handelt sinds {day} niet meer namens {name}."
)
CONNECTION_OPENED = Event("participants:connection:opened", "{actor} liet het abonnement ingaan op {day}.")
CONNECTION_CLOSED = Event("participants:connection:closed", "{actor} beëindigde het abonnement; laatste dag: {day}.")
LIVE_OPENED = Event("participants:live_period:opened", "{actor} zette de aansluiting aan vanaf {day}.")
LIVE_CLOSED = Event("participants:live_period:closed", "{actor} zette de aansluiting uit; laatste dag: {day}.")
REPRESENTED = Event("participants:representation:given", "{actor} gaf iemand toegang als {role}, vanaf {day}.")
REPRESENTATION_ENDED = Event("participants:representation:ended", "{actor} trok toegang als {role} in, vanaf {day}.")
NAME_WITHDRAWN = Event(
    "participants:name:withdrawn", "{actor} haalde de naam {name} weg uit alles wat openbaar is; een collega vroeg dat."
)
NAME_RESTORED = Event(
    "participants:name:restored", "{actor} maakte de naam {name} weer openbaar; een collega vroeg dat."
)
NOTED = Event("participants:note:written", "{actor} schreef een notitie.", internal=True)
TAKEN = Event("participants:file:taken", "{actor} nam dit dossier in behandeling.", internal=True)
HANDED_OVER = Event(
    "participants:file:handed_over", "{actor} gaf dit dossier in behandeling bij medewerker {account}.", internal=True
)
RELEASED = Event("participants:file:released", "{actor} heeft dit dossier niet meer in behandeling.", internal=True)

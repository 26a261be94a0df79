"""What the audit trail says about applications."""

from __future__ import annotations

from core.audit import Event

INTEREST_REGISTERED = Event(
    "onboarding:interest:registered", "{actor} liet belangstelling weten namens {name} (nummer {number})."
)
INVITED = Event("onboarding:application:invited", "{actor} nodigde {name} uit om zich aan te melden (nummer {number}).")
STARTED = Event("onboarding:application:started", "{actor} begon aanmelding {number}.")
COMPANION_STARTED = Event(
    "onboarding:application:companion_started", "{actor} begon aanmelding {number} als schuldeiser, naast {other}."
)
STEP_SAVED = Event(
    "onboarding:application:step_saved", "{actor} vulde '{step}' in bij aanmelding {number}.", internal=True
)
LINK_SENT = Event("onboarding:application:link_sent", "{actor} vroeg een link aan voor aanmelding {number}.")
SUBMITTED = Event("onboarding:application:submitted", "{actor} diende aanmelding {number} in voor {name}, als {role}.")
DUPLICATE = Event(
    "onboarding:application:duplicate_refused",
    "{actor} wilde {name} nog een keer aanmelden als {role} (nummer {number}); dat kon niet.",
    refusal=True,
)
ACCEPTED = Event("onboarding:application:accepted", "{actor} accepteerde aanmelding {number} van {name}.")
REFUSED = Event("onboarding:application:refused", "{actor} weigerde aanmelding {number} van {name}. Reden: {reason}")
WITHDRAWN = Event("onboarding:application:withdrawn", "{actor} trok aanmelding {number} van {name} in.")
DRAFT_WITHDRAWN = Event("onboarding:draft:withdrawn", "{actor} trok {number} in voordat de aanmelding was ingediend.")
DRAFT_EXPIRED = Event(
    "onboarding:draft:expired", "{actor} trok {number} in, omdat er {days} dagen niets aan was gewijzigd."
)

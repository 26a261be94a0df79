"""What the audit trail tells about accounts. An account is a number in the row; its name can be erased."""

from __future__ import annotations

from core.audit import Event

SIGNED_IN = Event("identity:session:started", "{actor} logde in met {means}.", internal=True)
SIGN_IN_REFUSED = Event("identity:session:refused", "{actor} kon niet inloggen: {why}.", refusal=True, internal=True)
TOO_OFTEN = Event(
    "identity:session:limited",
    "{actor} werd voorlopig geweigerd: te veel pogingen ({what}).",
    refusal=True,
    internal=True,
)
SIGNED_OUT = Event("identity:session:ended", "{actor} logde uit.", internal=True)
SESSIONS_ENDED = Event("identity:session:revoked", "{actor} beëindigde eigen sessies: {count}.", internal=True)
LINK_REQUESTED = Event("identity:link:requested", "{actor} vroeg een link om in te loggen.", internal=True)

SECOND_FACTOR_SET = Event("identity:second_factor:set", "{actor} stelde een tweede stap in.", internal=True)
SECOND_FACTOR_REPLACED = Event("identity:second_factor:replaced", "{actor} verving de tweede stap.", internal=True)
SECOND_FACTOR_REMOVED = Event(
    "identity:second_factor:removed", "{actor} haalde de tweede stap van account {account} weg.", internal=True
)
SECOND_FACTOR_PROVEN = Event("identity:second_factor:proven", "{actor} bevestigde met een code.", internal=True)
SECOND_FACTOR_REFUSED = Event(
    "identity:second_factor:refused", "{actor} gaf een code die niet werd aanvaard: {why}.", refusal=True, internal=True
)
PASSWORD_SET = Event("identity:password:set", "{actor} koos een nieuw wachtwoord.", internal=True)
PASSWORD_REFUSED = Event(
    "identity:password:refused",
    "{actor} wilde het wachtwoord wijzigen, maar gaf een onjuist huidig wachtwoord.",
    refusal=True,
    internal=True,
)
NAME_CHANGED = Event("identity:account:renamed", "{actor} wijzigde de eigen naam.", internal=True)

ACCOUNT_CREATED = Event("identity:account:created", "{actor} maakte account {account} aan ({kind}).", internal=True)
ACCOUNT_DISABLED = Event(
    "identity:account:disabled", "{actor} schakelde account {account} uit. Reden: {reason}", internal=True
)
ACCOUNT_ENABLED = Event("identity:account:enabled", "{actor} schakelde account {account} weer in.", internal=True)
ACCESS_RENEWED = Event(
    "identity:account:renewed",
    "{actor} liet account {account} de toegang opnieuw instellen; wachtwoord en tweede stap vervielen.",
    internal=True,
)

ROLE_REQUESTED = Event("identity:role:requested", "{actor} vroeg: {what}. Reden: {reason}", internal=True)
ROLE_GRANTED = Event("identity:role:granted", "{actor} gaf account {account} de rol {role}{until}.", internal=True)
ROLE_WITHDRAWN = Event("identity:role:withdrawn", "{actor} trok de rol {role} van account {account} in.", internal=True)
ROLE_REFUSED = Event(
    "identity:role:refused",
    "{actor} kon de rollen van account {account} niet wijzigen: {why}",
    refusal=True,
    internal=True,
)

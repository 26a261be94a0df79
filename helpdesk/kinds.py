"""States and kinds of requests for help, meetings and sign-ups."""

from __future__ import annotations

from core.kinds import Labelled


class RequestKind(Labelled):
    HELP = "help", "Hulpvraag"
    INVITATION = "invitation", "Uitnodiging"


class RequestChannel(Labelled):
    WEB = "web", "Via deze website"
    PHONE = "phone", "Telefonisch"


class RequestStage(Labelled):
    """How far a request is on its way to the ticket system; what happens there is the ticket's own state."""

    QUEUED = "queued", "Wordt doorgestuurd"
    DELIVERED = "delivered", "Doorgestuurd"
    FAILED = "failed", "Nog niet doorgestuurd"

    @property
    def tone(self) -> str:
        """Tone of the badge on screen."""
        return {"delivered": "positive", "failed": "warning"}.get(str(self.value), "info")


class TicketState(Labelled):
    """What the ticket system says of a ticket, in words for everybody."""

    NEW = "new", "Ontvangen"
    OPEN = "open", "In behandeling"
    WAITING = "waiting", "Wacht"
    CLOSED = "closed", "Afgesloten"
    UNKNOWN = "unknown", "Onbekend"

    @property
    def tone(self) -> str:
        return {"closed": "neutral", "unknown": "neutral"}.get(str(self.value), "info")


class MeetingKind(Labelled):
    INFORMATION = "information", "Informatiebijeenkomst"
    WEBINAR = "webinar", "Webinar"
    TRAINING = "training", "Training"
    USERS = "users", "Gebruikersoverleg"


class MeetingAudience(Labelled):
    EVERYBODY = "everybody", "Iedereen"
    DEBT_COUNSELLORS = "debt_counsellors", "Schuldhulpverleners"
    CREDITORS = "creditors", "Schuldeisers"
    ADMINISTRATORS = "administrators", "Bewindvoerders"
    PARTICIPANTS = "participants", "Deelnemers die al zijn aangesloten"


class MeetingStage(Labelled):
    PLANNED = "planned", "Gaat door"
    CANCELLED = "cancelled", "Gaat niet door"

    @property
    def tone(self) -> str:
        return {"cancelled": "negative"}.get(str(self.value), "positive")


class WhenFull(Labelled):
    WAITING_LIST = "waiting_list", "Wachtlijst"
    CLOSED = "closed", "Aanmelden stopt"


class SignUpStage(Labelled):
    COMING = "coming", "Komt"
    WAITING = "waiting", "Op de wachtlijst"
    SIGNED_OFF = "signed_off", "Afgemeld"

    @property
    def tone(self) -> str:
        return {"coming": "positive", "waiting": "warning"}.get(str(self.value), "neutral")

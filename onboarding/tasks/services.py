"""Recording facts that no other part of the administration shows, and reminding whoever has to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core import clock, documents, identifiers, submissions
from core.audit import Actor, record
from core.db import lock, next_id, session
from core.errors import Conflict, Refused
from core.filters import day
from core.identifiers import InvalidIdentifier
from core.mail import queue_mail
from core.web import absolute_url
from identity.kinds import AccountKind, ParticipantRole
from identity.services import applicant
from onboarding.agreements.services import prepare_when_possible
from onboarding.kinds import AuthorityBasis, CheckKind, Turn
from onboarding.models import AuthorityRecord, Check
from onboarding.tasks import queries, rules
from onboarding.tasks.events import AUTHORITY_RECORDED, CHECKED, NUDGED
from onboarding.tasks.kinds import Item, Status
from participants.kinds import CLOSED, ContactRole
from participants.models import Participant
from participants.services import represent

ITEM_OF = {kind: item for item, kind in queries.RECORDED.items()}
PARTICIPANTS_TURN = frozenset({Turn.PARTICIPANT, Turn.PARTICIPANT_OR_SUPPLIER, Turn.BOTH})
LARGEST_PROOF = 10 * 1024 * 1024
FILE_TYPES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""First bytes of what may be uploaded; the name of a file proves nothing."""
REMINDED: dict[Item, tuple[ContactRole, ...]] = {
    Item.SIGNED: (ContactRole.SIGNATORY, ContactRole.FUNCTIONAL),
    Item.LEGAL_REVIEW: (ContactRole.SIGNATORY, ContactRole.FUNCTIONAL),
    Item.CERTIFICATE: (ContactRole.TECHNICAL, ContactRole.FUNCTIONAL),
    Item.ACCEPTANCE_TEST: (ContactRole.TECHNICAL, ContactRole.FUNCTIONAL),
}
"""Who hears of an item; of the others the functional administrator."""


def record_check(
    participant: Participant, kind: CheckKind, done_on: date, actor: Actor, *, explanation: str | None = None
) -> Check:
    """Record that something of the task list was done on a day. The same again changes nothing.

    Raises Refused when it does not belong to this participant's channel, when something else has to be done first,
    when the day lies in the future, or when it is not for the actor to say.
    """
    if actor.person is None:
        raise Refused("Alleen iemand die is ingelogd kan dit vastleggen.")
    lock(participant)
    found = queries.check_of(participant.id, kind)
    if found is not None:
        return found
    _demand_recordable(participant, kind, done_on, actor)
    row = Check(
        id=next_id(Check),
        participant_id=participant.id,
        kind=kind,
        done_on=done_on,
        explanation=_cleaned(explanation, "explanation") or None,
        recorded_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    subject = f"participant:{participant.id}"
    record(CHECKED, actor, participant_id=participant.id, subject=subject, what=kind.label, day=day(done_on))
    return row


def _demand_recordable(participant: Participant, kind: CheckKind, done_on: date, actor: Actor) -> None:
    item = ITEM_OF.get(kind)
    if item is None:
        raise Refused("Dit wordt op een andere plaats vastgelegd.")
    facts = queries.facts_of(participant.id)
    task = rules.task_of(facts, item)
    if task is None:
        raise Refused(f"‘{item.label}’ hoort niet bij deze deelnemer.")
    if actor.kind == "participant" and task.turn not in PARTICIPANTS_TURN:
        raise Refused("Dit legt het Schuldenknooppunt vast.")
    if task.status is Status.LAPSED:
        raise Refused("Deze aanmelding is gesloten. Er is niets meer vast te leggen.")
    first = rules.obstacles(facts, item)
    if first:
        raise Refused(f"Dit kan nog niet. {rules.still_to_do(first)}")
    if done_on > clock.today():
        raise Refused("Deze dag ligt in de toekomst. Vul de dag in waarop het is gedaan.", field="done_on")
    earliest = facts.activated_on if item is Item.ONBOARDING else None
    if earliest and done_on < earliest:
        raise Refused(f"De onboarding is na de activering, dus niet vóór {day(earliest)}.", field="done_on")


@dataclass(frozen=True)
class Proof:
    """An uploaded file."""

    name: str
    content: bytes


def media_type_of(proof: Proof) -> str:
    """The kind of file by its content. Raises Refused for what is not a PDF, PNG or JPEG, or too large."""
    if len(proof.content) > LARGEST_PROOF:
        raise Refused("Dit bestand is te groot. Een bewijsstuk mag hoogstens 10 MB zijn.", field="proof")
    for start, media_type in FILE_TYPES.items():
        if proof.content.startswith(start):
            return media_type
    raise Refused(
        "Dit bestand is geen PDF, PNG of JPG. Sla het bewijsstuk zo op en probeer het opnieuw.", field="proof"
    )


def record_authority(
    participant: Participant,
    basis: AuthorityBasis,
    explanation: str,
    actor: Actor,
    *,
    proof: Proof | None = None,
    reference: str | None = None,
    about: str | None = None,
) -> AuthorityRecord:
    """Establish that the signatory of today may sign for the organisation, with a file or a place of publication as
    proof. `about`: the mail address of the signatory that the actor saw; Conflict when it is another one by now.

    The signatory gets access as representative, and the agreement is prepared at once when all it needs is there.
    """
    if actor.person is None or actor.kind == "participant":
        raise Refused("Alleen een medewerker stelt vast wie mag tekenen.")
    lock(participant)
    if participant.stage in CLOSED:
        raise Refused("Deze aanmelding is gesloten. Er is niets meer vast te leggen.")
    first = rules.obstacles(queries.facts_of(participant.id), Item.AUTHORITY)
    if first:
        raise Refused(f"Dit kan nog niet. {rules.still_to_do(first)}")
    signatory = queries.contact(participant.id, ContactRole.SIGNATORY)
    if signatory is None or not signatory.function:
        raise Refused("Vul eerst naam, functie en e-mailadres van de tekeningsbevoegde in.")
    if about is not None and about != signatory.email:
        raise Conflict("De tekeningsbevoegde is intussen gewijzigd. Bekijk wie het nu is en leg het opnieuw vast.")
    reference = _cleaned(reference, "reference")
    if proof is None and not reference:
        raise Refused("Voeg een bewijsstuk toe, of noem waar het is gepubliceerd.", field="proof")
    row = AuthorityRecord(
        participant_id=participant.id,
        person_name=signatory.name,
        person_function=signatory.function,
        person_email=signatory.email,
        basis=basis,
        explanation=_cleaned(explanation, "explanation"),
        proof_sha256=documents.store(proof.content, media_type_of(proof)) if proof else None,
        proof_name=_file_name(proof.name) if proof else None,
        proof_reference=reference or None,
        recorded_by=actor.person,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    record(
        AUTHORITY_RECORDED,
        actor,
        participant_id=participant.id,
        subject=f"participant:{participant.id}",
        name=participant.name,
        basis=basis.label,
    )
    account = applicant(signatory.email, signatory.name)
    if account.kind is AccountKind.STAFF:
        raise Refused(f"{signatory.email} hoort bij een medewerker van het Schuldenknooppunt. Vraag een ander adres.")
    represent(actor, account.id, participant.id, ParticipantRole.REPRESENTATIVE, clock.today())
    prepare_when_possible(participant, actor)
    return row


def _cleaned(text: str | None, field: str) -> str:
    try:
        return identifiers.clean_text(text or "", several_lines=True)
    except InvalidIdentifier as error:
        raise Refused(str(error), field=field) from error


def _file_name(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-100:] or "bewijsstuk"


def nudge(participant: Participant, actor: Actor) -> list[str]:
    """Remind the participant of what everything waits for, at most once a day. Returns the addresses."""
    task = rules.first_open(queries.facts_of(participant.id))
    if task is None:
        raise Refused("Er staat niets open. Een herinnering is niet nodig.")
    if task.turn is Turn.OPERATOR:
        raise Refused(f"Het Schuldenknooppunt is zelf aan zet ({task.title}). Een herinnering heeft geen zin.")
    roles = REMINDED.get(task.item, (ContactRole.FUNCTIONAL, ContactRole.SIGNATORY))
    addresses = queries.addresses_of(participant.id, *roles)[:1]
    if not addresses:
        raise Refused("Er is geen e-mailadres bekend. Vul eerst een contactpersoon in.")
    if not submissions.first_time(f"herinnering:{participant.id}:{clock.today()}"):
        raise Refused("Vandaag is al een herinnering verstuurd. Morgen kan het weer.")
    for address in addresses:
        queue_mail(
            address,
            f"Herinnering: {task.title.strip('“”').lower()}",
            "ready_nudge",
            participant_id=participant.id,
            name=participant.name,
            task=task,
            url=absolute_url("tasks.show_own", participant_id=participant.id),
        )
    subject = f"participant:{participant.id}"
    record(NUDGED, actor, participant_id=participant.id, subject=subject, what=task.title)
    return addresses

"""From interest to a decision. Each verb tells one story and leaves one sentence; nothing here commits.

`drafts` fills in the pages, `duplicates` refuses a second time, `submission` makes the participant, `letters` mails.
"""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from core import clock, submissions
from core import db as database
from core.audit import Actor, record
from core.db import next_id, scoped, session
from core.errors import Refused, UserError
from core.transitions import Transition, move
from identity import services as identity
from identity.kinds import AccountKind, ParticipantRole
from identity.models import Account
from onboarding.applications import events, letters, queries, rules, submission
from onboarding.applications.drafts import check_open, locked, save_step
from onboarding.applications.duplicates import AlreadyApplied, refuse_duplicate
from onboarding.kinds import ApplicationStage
from onboarding.models import Application, ApplicationCounter
from participants import queries as participants
from participants.kinds import ContactRole, Stage
from participants.models import Participant
from participants.services import represent

__all__ = [
    "AlreadyApplied",
    "AlreadyReceived",
    "accept",
    "invite",
    "refuse",
    "register_interest",
    "save_step",
    "send_link",
    "start_application",
    "start_companion",
    "submit",
    "withdraw",
    "withdraw_untouched",
]

INVITE = Transition(
    "uitnodigen om aan te melden", frozenset({ApplicationStage.INTEREST}), ApplicationStage.DRAFT, events.INVITED
)
SUBMIT = Transition(
    "aanmelding indienen", frozenset({ApplicationStage.DRAFT}), ApplicationStage.SUBMITTED, events.SUBMITTED
)
WITHDRAW_DRAFT = Transition(
    "concept intrekken",
    frozenset({ApplicationStage.INTEREST, ApplicationStage.DRAFT}),
    ApplicationStage.WITHDRAWN,
    events.DRAFT_WITHDRAWN,
)
EXPIRE = Transition(
    "concept intrekken", frozenset({ApplicationStage.DRAFT}), ApplicationStage.WITHDRAWN, events.DRAFT_EXPIRED
)
ACCEPT = Transition("aanmelding accepteren", frozenset({Stage.SUBMITTED}), Stage.ACCEPTED, events.ACCEPTED)
REFUSE = Transition(
    "aanmelding weigeren", frozenset({Stage.SUBMITTED}), Stage.REFUSED, events.REFUSED, needs_reason=True
)
WITHDRAW = Transition(
    "aanmelding intrekken", frozenset({Stage.SUBMITTED, Stage.ACCEPTED}), Stage.WITHDRAWN, events.WITHDRAWN
)
"""Before anybody signed; after that an agreement has to be ended."""


class AlreadyReceived(Refused):
    """The same application was sent before."""

    def __init__(self, number: str) -> None:
        super().__init__(f"Uw aanmelding was al ontvangen (nummer {number}). Er is niets dubbel opgeslagen.")


def _next_number() -> str:
    """A-2026-00012. The row of the year stays locked until the transaction ends."""
    year = clock.today().year
    statement = (
        insert(ApplicationCounter)
        .values(year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=[ApplicationCounter.year], set_={"last_number": ApplicationCounter.last_number + 1}
        )
        .returning(ApplicationCounter.last_number)
    )
    return f"A-{year}-{session().execute(statement).scalar_one():05d}"


def _new(email: str, stage: ApplicationStage, **values: object) -> Application:
    now = clock.now()
    row = Application(
        id=next_id(Application),
        number=_next_number(),
        stage=stage,
        email=email.strip().lower(),
        created_at=now,
        changed_at=now,
        wants_legal_review=False,
        **values,
    )
    session().add(row)
    session().flush()
    return row


def _subject(row: Application) -> str:
    return f"application:{row.id}"


# ------------------------------------------------------------------------------------------- beginning


def register_interest(organisation: str, name: str, email: str, message: str | None, actor: Actor) -> Application:
    """Somebody wants to know more. Leaves a row for staff and a confirmation by mail."""
    answers = {
        "applicant": {"name": name},
        "interest": {"organisation": organisation, "name": name, "message": message},
    }
    with scoped(database.JOB):
        row = _new(email, ApplicationStage.INTEREST, answers=answers, organisation_name=organisation)
        record(events.INTEREST_REGISTERED, actor, subject=_subject(row), name=organisation, number=row.number)
        letters.interest(row)
    return row


def start_application(email: str, name: str, actor: Actor, *, account: Account | None = None) -> Application:
    """Start an application and mail the link with which it goes on; with `account` (somebody signed in) without a link.

    A visitor who started before gets a new link to that draft. Raises Refused for the address of a colleague: nobody
    signs in to a staff account by a link.
    """
    with scoped(database.JOB):
        owner = account or _applicant(email, name)
        draft = queries.open_draft(owner.email) if account is None else None
        if draft is not None:
            send_link(draft, actor)
            return draft
        row = _new(owner.email, ApplicationStage.DRAFT, answers={"applicant": {"name": name}}, account_id=owner.id)
        record(events.STARTED, actor, subject=_subject(row), number=row.number)
        if account is None:
            letters.start(row)
    return row


def _applicant(email: str, name: str) -> Account:
    """The account of a mail address, made when there is none. Raises Refused for a colleague's."""
    account = identity.applicant(email, name)
    if account.kind is AccountKind.STAFF:
        raise Refused(
            f"{account.email} hoort bij een medewerker van het Schuldenknooppunt. Gebruik een ander e-mailadres.",
            field="email",
        )
    return account


def invite(row: Application, actor: Actor) -> None:
    """From interest to draft: mail a link to start. Raises Refused when a colleague did so already."""
    account = _applicant(row.email, row.answers["applicant"]["name"])
    move(row, INVITE, actor, name=row.organisation_name, subject=_subject(row), number=row.number)
    row.account_id, row.changed_at = account.id, clock.now()
    session().flush()
    letters.invitation(row)


def send_link(row: Application, actor: Actor) -> None:
    """Mail a new link to go on with a draft; earlier links keep working until their term."""
    with scoped(database.JOB):
        check_open(row)
        letters.go_on(row)
        record(events.LINK_SENT, actor, subject=_subject(row), number=row.number)


def start_companion(row: Application, actor: Actor) -> Application:
    """A second draft beside a submitted one of a municipality, as creditor, filled in as far as the answers are the
    same. Asking again gives the same draft."""
    with scoped(database.JOB):
        locked(row)
        state = queries.progress(row)
        for companion in queries.companions_of(row):
            return companion
        if not rules.may_also_apply_as_creditor(state.facts):
            raise Refused("Alleen een gemeente die schulden regelt kan zich ook als schuldeiser aanmelden.")
        answers = {key: row.answers[key] for key in rules.KEPT_FOR_COMPANION if key in row.answers}
        answers["role"] = {"code": rules.CREDITOR}
        companion = _new(row.email, ApplicationStage.DRAFT, answers=answers, organisation_name=row.organisation_name)
        companion.account_id, companion.companion_of_id = row.account_id, row.id
        companion.wants_legal_review = row.wants_legal_review
        session().flush()
        record(events.COMPANION_STARTED, actor, subject=_subject(companion), number=companion.number, other=row.number)
    return companion


# ------------------------------------------------------------------------------------------- submitting


def submit(row: Application, actor: Actor, submission_key: str) -> Participant:
    """The participant comes into being, with everything that was filled in.

    Raises AlreadyReceived when it was sent before (also at the same moment), AlreadyApplied (audited) for a duplicate,
    UserError when a page is not complete. Runs as the system after those checks; what it returns may be invisible to
    the caller until the next request.
    """
    with scoped(database.JOB):
        locked(row)
        if row.stage is ApplicationStage.SUBMITTED or not submissions.first_time(submission_key):
            raise AlreadyReceived(row.number)
        state = queries.progress(row)
        account = session().get_one(Account, row.account_id)
        if state.first_open is not None or state.answers.signatory is None:
            label = state.first_open.label if state.first_open else ""
            raise UserError(f"De aanmelding is nog niet compleet. Vul eerst '{label}' in.")
        organisation = submission.organisation_of(state, actor)
        refuse_duplicate(state, organisation.id, actor)
        participant = submission.participant_of(state, organisation, actor)
        row.participant, row.submitted_at, row.changed_at = participant, clock.now(), clock.now()
        row.organisation_name = participant.name
        move(
            row,
            SUBMIT,
            actor,
            name=participant.name,
            participant_id=participant.id,
            subject=_subject(row),
            number=row.number,
            role=rules.role_noun(participant.role_code),
        )
        submission.give_access(account, participant, state.answers.signatory, actor)
        letters.submitted(row, participant)
        submissions.remember(submission_key, row.number)
        session().flush()
    return participant


# ------------------------------------------------------------------------------------------- deciding


def accept(participant_id: int, actor: Actor) -> Participant:
    """Accept an application; the signatory gets an account and a link. Who accepts is remembered, because somebody else
    has to countersign. Raises Refused (audited) when a colleague was first."""
    if actor.person is None:
        raise Refused("Alleen een medewerker kan een aanmelding accepteren.")
    row = queries.application_of(participant_id)
    participant = participants.participant(participant_id)
    move(
        participant,
        ACCEPT,
        actor,
        name=participant.name,
        participant_id=participant.id,
        subject=_subject(row),
        number=row.number,
    )
    row.accepted_by, row.accepted_at = actor.person, clock.now()
    session().flush()
    signatory = next(one for one in participant.contacts if one.role is ContactRole.SIGNATORY)
    account = _applicant(signatory.email, signatory.name)
    represent(actor, account.id, participant.id, ParticipantRole.REPRESENTATIVE, clock.today())
    letters.accepted(row, participant, signatory)
    return participant


def refuse(participant_id: int, actor: Actor, reason: str) -> Participant:
    """Refuse an application. The reason is kept and mailed; the organisation may apply again."""
    row = queries.application_of(participant_id)
    participant = participants.participant(participant_id)
    move(
        participant,
        REFUSE,
        actor,
        name=participant.name,
        participant_id=participant.id,
        subject=_subject(row),
        reason=reason,
        number=row.number,
    )
    row.refusal_reason = reason.strip()
    session().flush()
    letters.refused(row, participant)
    return participant


def withdraw(row: Application, actor: Actor, reason: str | None = None) -> None:
    """The applicant no longer wants to connect. What was filled in is kept; a new application is possible."""
    if row.participant_id is None:
        move(row, WITHDRAW_DRAFT, actor, name=row.organisation_name, subject=_subject(row), number=row.number)
        return
    participant = participants.participant(row.participant_id)
    move(
        participant,
        WITHDRAW,
        actor,
        name=participant.name,
        participant_id=participant.id,
        subject=_subject(row),
        number=row.number,
    )
    letters.withdrawn(row, participant, reason)


def withdraw_untouched(actor: Actor) -> int:
    """Withdraw drafts that nobody touched for a long time, with a mail. Returns how many."""
    rows = queries.untouched_drafts(clock.now())
    for row in rows:
        days = rules.UNTOUCHED_DAYS
        move(row, EXPIRE, actor, name=row.organisation_name, subject=_subject(row), number=row.number, days=days)
        letters.expired(row)
    return len(rows)

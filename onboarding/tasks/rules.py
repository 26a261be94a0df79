"""The task list as predicates over facts. A tick is never typed by hand: each item is done when its fact has a day.

The same list is shown to applicant and staff, and is asked by every act that needs something to be true first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from onboarding.kinds import Turn
from onboarding.tasks.kinds import Item, Status
from participants.kinds import CLOSED, Basis, Channel, Stage

IN_PROGRESS = (Stage.SUBMITTED, Stage.ACCEPTED, Stage.SIGNED, Stage.COUNTERSIGNED)
"""Between application and live."""


@dataclass(frozen=True)
class Details:
    """What is known of a participant, as far as the first item asks for it."""

    channel: Channel
    basis: Basis
    has_number: bool
    """KvK number or OIN of the organisation."""
    has_signatory: bool
    """Name, function and mail address."""
    has_functional_contact: bool
    has_technical_contact: bool
    has_invoice_details: bool
    has_measurement: bool
    """A number on which the tariff category can rest."""


def missing_details(details: Details) -> tuple[str, ...]:
    """What still has to be filled in, as parts of a Dutch sentence."""
    system = details.channel is Channel.SYSTEM
    number = {
        Basis.INHABITANTS: "de gemeenten waarvoor u werkt",
        Basis.FILES: "het aantal schulddossiers per jaar",
        Basis.NONE: "",
    }[details.basis]
    wanted = (
        ("het KvK-nummer of het OIN", details.has_number),
        ("naam, functie en e-mailadres van de tekeningsbevoegde", details.has_signatory),
        ("een functioneel beheerder", details.has_functional_contact or system),
        ("een technisch contact", details.has_technical_contact or not system),
        ("de factuurgegevens", details.has_invoice_details),
        (number, details.has_measurement or details.basis is Basis.NONE),
    )
    return tuple(what for what, is_there in wanted if not is_there)


@dataclass(frozen=True)
class Facts:
    """Everything the list is computed from. A day says since when something is true; None that it is not."""

    channel: Channel
    stage: Stage
    missing: tuple[str, ...] = ()
    """Details that still have to be filled in."""
    submitted_on: date | None = None
    accepted_on: date | None = None
    wants_legal_review: bool = False
    legal_review_on: date | None = None
    authority_on: date | None = None
    """Only when it was established for the signatory of today."""
    authority_is_of_another: bool = False
    """Established once, but for somebody else than the signatory of today."""
    prepared_on: date | None = None
    """When the agreement that can be signed was made."""
    signed_on: date | None = None
    countersigned_on: date | None = None
    first_invoice: str | None = None
    """Its number."""
    first_invoice_on: date | None = None
    e_herkenning_on: date | None = None
    certificate_on: date | None = None
    acceptance_test_on: date | None = None
    role_has_modules: bool = True
    """Whether any module fits the role today."""
    modules: tuple[str, ...] = ()
    """Names of the chosen modules that fit the role."""
    modules_on: date | None = None
    declared_ready_on: date | None = None
    activated_on: date | None = None
    onboarding_on: date | None = None


@dataclass(frozen=True)
class Task:
    """One item for one participant."""

    item: Item
    status: Status
    done_on: date | None
    turn: Turn
    blocking: bool
    """Whether going live waits for it."""
    explanation: str
    """What is to be done, or what was found; may be empty."""
    open_since: date | None
    """Since when it can be done: the day on which the last thing it waited for was done."""

    @property
    def title(self) -> str:
        return self.item.label

    @property
    def done(self) -> bool:
        return self.status is Status.DONE

    @property
    def status_label(self) -> str:
        return self.status.label

    @property
    def tone(self) -> str:
        return self.status.tone


Predicate = Callable[[Facts], bool]
Sentence = Callable[[Facts], str]


@dataclass(frozen=True)
class Rule:
    """When an item applies, when it is done, whose turn it is, and what must be done before it."""

    item: Item
    done_on: Callable[[Facts], date | None]
    turn: Callable[[Facts], Turn]
    after: tuple[Item, ...]
    """What must be done first, as far as it applies."""
    todo: Sentence
    found: Sentence = lambda _: ""
    """Said when it is done."""
    applies: Predicate = lambda _: True
    blocking: bool = True


def _turn(turn: Turn) -> Callable[[Facts], Turn]:
    return lambda _: turn


def _say(sentence: str) -> Sentence:
    return lambda _: sentence


def listed(parts: Iterable[str]) -> str:
    """`a, b en c`"""
    *first, last = parts
    return f"{', '.join(first)} en {last}" if first else last


def _details(facts: Facts) -> str:
    return f"Vul nog in: {listed(facts.missing)}." if facts.missing else "Dien de aanmelding in."


def _authority(facts: Facts) -> str:
    if facts.authority_is_of_another:
        return "De tekeningsbevoegde is gewijzigd. De bevoegdheid wordt opnieuw vastgesteld."
    return "Het Schuldenknooppunt controleert of de opgegeven persoon voor uw organisatie mag tekenen."


def _signing(facts: Facts) -> str:
    if facts.prepared_on is None:
        return "De overeenkomst wordt gemaakt zodra de tekenbevoegdheid is vastgesteld."
    return "De tekeningsbevoegde leest en ondertekent de overeenkomst."


def _modules(facts: Facts) -> str:
    if not facts.role_has_modules:
        return "Voor deze rol is nog geen module beschikbaar. Het Schuldenknooppunt neemt contact met u op."
    return "Kies ten minste één module die bij uw rol past."


BEFORE_SIGNING = (Item.DETAILS, Item.REVIEWED, Item.LEGAL_REVIEW, Item.AUTHORITY)
BEFORE_READY = (
    *BEFORE_SIGNING,
    Item.SIGNED,
    Item.COUNTERSIGNED,
    Item.FIRST_INVOICE,
    Item.E_HERKENNING,
    Item.CERTIFICATE,
    Item.ACCEPTANCE_TEST,
    Item.MODULES,
)
RULES = (
    Rule(
        Item.DETAILS,
        done_on=lambda f: None if f.missing else f.submitted_on,
        turn=_turn(Turn.PARTICIPANT),
        after=(),
        todo=_details,
    ),
    Rule(
        Item.REVIEWED,
        done_on=lambda f: f.accepted_on,
        turn=_turn(Turn.OPERATOR),
        after=(Item.DETAILS,),
        todo=_say("Het Schuldenknooppunt beoordeelt de aanmelding."),
    ),
    Rule(
        Item.LEGAL_REVIEW,
        done_on=lambda f: f.legal_review_on,
        turn=_turn(Turn.PARTICIPANT),
        after=(),
        todo=_say("Laat uw jurist de overeenkomst en de DPIA lezen, en meld het als u klaar bent."),
        applies=lambda f: f.wants_legal_review,
    ),
    Rule(
        Item.AUTHORITY,
        done_on=lambda f: f.authority_on,
        turn=_turn(Turn.OPERATOR),
        after=(Item.REVIEWED,),
        todo=_authority,
    ),
    Rule(
        Item.SIGNED,
        done_on=lambda f: f.signed_on,
        turn=_turn(Turn.PARTICIPANT),
        after=BEFORE_SIGNING,
        todo=_signing,
    ),
    Rule(
        Item.COUNTERSIGNED,
        done_on=lambda f: f.countersigned_on,
        turn=_turn(Turn.OPERATOR),
        after=(Item.SIGNED,),
        todo=_say("Een collega van het Schuldenknooppunt die de aanmelding niet beoordeelde, ondertekent ook."),
    ),
    Rule(
        Item.FIRST_INVOICE,
        done_on=lambda f: f.first_invoice_on,
        turn=_turn(Turn.OPERATOR),
        after=(Item.COUNTERSIGNED,),
        todo=_say("De eerste factuur wordt gemaakt bij het medeondertekenen, ook als er niets te betalen is."),
        found=lambda f: f"Factuur {f.first_invoice}.",
    ),
    Rule(
        Item.E_HERKENNING,
        done_on=lambda f: f.e_herkenning_on,
        turn=_turn(Turn.PARTICIPANT),
        after=(Item.COUNTERSIGNED,),
        todo=_say("Log met eHerkenning (niveau EH3) in op het webportaal en meld dat het is gelukt."),
        applies=lambda f: f.channel in {Channel.PORTAL, Channel.CSV},
    ),
    Rule(
        Item.CERTIFICATE,
        done_on=lambda f: f.certificate_on,
        turn=_turn(Turn.PARTICIPANT_OR_SUPPLIER),
        after=(Item.COUNTERSIGNED,),
        todo=_say("Vraag een PKIoverheid private servercertificaat aan en lever het publieke deel aan."),
        applies=lambda f: f.channel is Channel.SYSTEM,
    ),
    Rule(
        Item.ACCEPTANCE_TEST,
        done_on=lambda f: f.acceptance_test_on,
        turn=_turn(Turn.PARTICIPANT_OR_SUPPLIER),
        after=(Item.COUNTERSIGNED,),
        todo=_say("Doorloop de acceptatietest met de toolkit en het ontwikkelcertificaat."),
        applies=lambda f: f.channel is Channel.SYSTEM,
    ),
    Rule(
        Item.MODULES,
        done_on=lambda f: f.modules_on,
        turn=lambda f: Turn.PARTICIPANT if f.role_has_modules else Turn.OPERATOR,
        after=(),
        todo=_modules,
        found=lambda f: f"Gekozen: {listed(f.modules)}.",
    ),
    Rule(
        Item.READY,
        done_on=lambda f: f.declared_ready_on,
        turn=_turn(Turn.PARTICIPANT),
        after=BEFORE_READY,
        todo=_say("Meld dat uw organisatie klaar is, als al het bovenstaande is gedaan."),
    ),
    Rule(
        Item.ACTIVATED,
        done_on=lambda f: f.activated_on,
        turn=_turn(Turn.OPERATOR),
        after=(*BEFORE_READY, Item.READY),
        todo=_say("Het Schuldenknooppunt zet de gekozen modules aan. Vanaf dan kunt u berichten uitwisselen."),
    ),
    Rule(
        Item.ONBOARDING,
        done_on=lambda f: f.onboarding_on,
        turn=_turn(Turn.BOTH),
        after=(Item.ACTIVATED,),
        todo=_say("Plan samen een kennismaking met het werken via het knooppunt. Dit mag ook na het aansluiten."),
        blocking=False,
    ),
)


def tasks(facts: Facts) -> list[Task]:
    """The items that apply to this participant, in their fixed order."""
    rules = [rule for rule in RULES if rule.applies(facts)]
    done = {rule.item: rule.done_on(facts) for rule in rules}
    return [_task(rule, facts, done) for rule in rules]


def _task(rule: Rule, facts: Facts, done: dict[Item, date | None]) -> Task:
    day = done[rule.item]
    before = [done[item] for item in rule.after if item in done]
    days = [found for found in before if found is not None]
    may_start = len(days) == len(before)
    if day is not None:
        status = Status.DONE
    elif facts.stage in CLOSED:
        status = Status.LAPSED
    else:
        status = Status.OPEN if may_start else Status.LATER
    return Task(
        item=rule.item,
        status=status,
        done_on=day,
        turn=rule.turn(facts),
        blocking=rule.blocking,
        explanation=rule.todo(facts) if day is None else rule.found(facts),
        open_since=max(days, default=facts.submitted_on) if may_start else None,
    )


def task_of(facts: Facts, item: Item) -> Task | None:
    """One item of the list; None when it does not apply to this participant."""
    return next((task for task in tasks(facts) if task.item is item), None)


def obstacles(facts: Facts, item: Item) -> list[Task]:
    """What has to be done before `item` may be, and is not done yet. Empty: it may be done now."""
    after = next(rule.after for rule in RULES if rule.item is item)
    return [task for task in tasks(facts) if task.item in after and not task.done]


def still_to_do(blocking: Iterable[Task]) -> str:
    """`Nog te doen: a, b en c.`"""
    return f"Nog te doen: {listed(task.title for task in blocking)}."


def first_open(facts: Facts, *, besides: Turn | None = None) -> Task | None:
    """What everything waits for: the first blocking item that can be done now, besides those on which this side has to
    act. None when nothing can."""
    return next(
        (task for task in tasks(facts) if task.blocking and task.status is Status.OPEN and task.turn is not besides),
        None,
    )


def progress(listed_tasks: Iterable[Task]) -> tuple[int, int]:
    """How many of how many blocking items are done."""
    blocking = [task for task in listed_tasks if task.blocking]
    return sum(task.done for task in blocking), len(blocking)

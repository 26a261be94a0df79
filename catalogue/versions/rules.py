"""When a version may be released, and how far it is. No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from catalogue.versions.kinds import Gate, VersionState


@dataclass(frozen=True)
class GateFacts:
    """What is known about the road of one version to its release. A day says since when something is true."""

    messages_agreed_on: date | None = None
    message_types: int = 0
    agreements_agreed_on: date | None = None
    process_agreements: int = 0
    built_on: date | None = None
    tested_on: date | None = None
    dpia_closed_on: date | None = None
    """Only of an assessment whose verdict lets a release go on."""
    security_closed_on: date | None = None
    """Likewise."""
    decided_on: date | None = None
    """Of the board, after advice of the advisory board."""

    def day_of(self, gate: Gate) -> date | None:
        """Since when a gate is open; None while it is shut. A set of messages without messages is not agreed, nor are
        agreements without any."""
        return {
            Gate.MESSAGES: self.messages_agreed_on if self.message_types else None,
            Gate.AGREEMENTS: self.agreements_agreed_on if self.process_agreements else None,
            Gate.BUILT: self.built_on,
            Gate.TESTED: self.tested_on,
            Gate.DPIA: self.dpia_closed_on,
            Gate.SECURITY: self.security_closed_on,
            Gate.DECISION: self.decided_on,
        }[gate]


def shut_gates(facts: GateFacts) -> list[Gate]:
    """What must still become true before the version may be released, in the order of the gates. A version is released
    when nothing is left."""
    return [gate for gate in Gate if facts.day_of(gate) is None]


def waits_for_decision(facts: GateFacts) -> bool:
    """Everything is there but the decision: now the advisory board advises, and then the board decides."""
    return shut_gates(facts) == [Gate.DECISION]


def ready_since(facts: GateFacts) -> date | None:
    """The day on which the last of the other gates opened."""
    days = [facts.day_of(gate) for gate in Gate if gate is not Gate.DECISION]
    return max((day for day in days if day is not None), default=None)


def why_not_released(name: str, shut: list[Gate]) -> str:
    """A sentence that names every gate that is shut and who can lift it."""
    parts = "; ".join(f"{gate.in_a_sentence} (door {gate.lifted_by})" for gate in shut)
    return f"{name} kan nog niet worden vrijgegeven. Nog te doen: {parts}."


@dataclass(frozen=True)
class Days:
    """The days of a version that decide how far it is."""

    started_on: date | None = None
    released_on: date | None = None
    announced_on: date | None = None
    """When its end was announced."""
    retires_on: date | None = None
    successor_on: date | None = None
    """When the next version of the module was released."""


def state_of(days: Days, on: date) -> VersionState:
    """How far a version is on a day. A newer version makes it succeeded, which takes nothing from who uses it; its end
    has to be announced."""
    if days.retires_on is not None and days.retires_on <= on:
        return VersionState.RETIRED
    if days.released_on is not None and days.released_on <= on:
        if days.announced_on is not None and days.announced_on <= on:
            return VersionState.RETIRING
        if days.successor_on is not None and days.successor_on <= on:
            return VersionState.SUCCEEDED
        return VersionState.AVAILABLE
    started = days.started_on is not None and days.started_on <= on
    return VersionState.DEVELOPMENT if started or days.released_on is not None else VersionState.PLANNED

"""One word for one thing, and sentences that are sentences."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from core.audit import EVENTS
from core.db import Base
from core.jobs import JOBS
from core.kinds import Labelled

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = [path.parent for path in sorted(ROOT.glob("*/__init__.py")) if path.parent.name not in {"tests", "scripts"}]
OURS = {name: event for name, event in EVENTS.items() if not name.startswith("tests:")}

AVOIDED = {
    "klant": "deelnemer",
    "klanten": "deelnemers",
    "crediteur": "schuldeiser",
    "crediteuren": "schuldeisers",
    "nultarief": "jaartarief € 0,00",
    "wanbetaler": "deelnemer met een openstaande factuur",
    "anoniem": "gepseudonimiseerd",
    "rechtsgeldig": "getekend",
    "dashboard": "overzicht",
    "feed": "bestand",
    "gate": "voorwaarde",
}
"""Words that do not stand on a screen, with what to say instead."""


# ------------------------------------------------------------------------------------------- events


@pytest.fixture(autouse=True)
def everything_imported(app: Flask) -> None:
    """Events, jobs and kinds register themselves when the application is put together."""


def test_every_event_is_called_package_object_past() -> None:
    packages = {path.name for path in PACKAGES}
    wrong = [
        name
        for name in OURS
        if not re.fullmatch(r"[a-z_]+:[a-z_]+:[a-z_]+", name) or name.split(":")[0] not in packages
    ]
    assert not wrong, f"{wrong}: an event is called package:object:past, in lower case"


def test_every_event_is_a_dutch_sentence() -> None:
    wrong = [
        event.sentence
        for event in OURS.values()
        if not re.match(r"\{actor\} [a-z]|[A-Z]", event.sentence)
        or not re.search(r"([.!?]|\{[a-z_]+\})$", event.sentence)
        or "  " in event.sentence
    ]
    assert not wrong, f"{wrong}: begins with {{actor}} or a capital, ends with a full stop or a fact"


def test_a_refusal_says_so_in_its_name() -> None:
    wrong = [name for name, event in OURS.items() if event.refusal and not name.endswith(("refused", "limited"))]
    assert not wrong, f"{wrong}: the name of an event with refusal=True ends in 'refused'"


def test_events_stand_in_the_events_file_of_their_package() -> None:
    for path in sources():
        for name in re.findall(r"= Event\(\s*\"([a-z_]+):", path.read_text(encoding="utf-8")):
            assert path.relative_to(ROOT).parts[0] == name, f"{path}: an event of {name}"
            assert path.name == "events.py" or name == "core", f"{path}: events stand in events.py"


def test_every_job_is_called_package_verb_and_has_a_dutch_label() -> None:
    packages = {path.name for path in PACKAGES}
    for name, job in JOBS.items():
        if not name.startswith("tests:"):
            assert name.split(":")[0] in packages, name
            assert re.match(r"[A-Z].* ", job.label), f"{name}: say in Dutch what it does, not '{job.label}'"


# ------------------------------------------------------------------------------------------- words on the screen


def shown_texts() -> list[tuple[str, str]]:
    """What people read: templates without their markup, sentences of the audit trail, labels."""
    texts = []
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            source = path.read_text(encoding="utf-8")
            source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
            texts.append((str(path.relative_to(ROOT)), re.sub(r"<[^>]*>", " ", source)))
    texts += [(name, re.sub(r"\{[a-z_]+\}", " ", event.sentence)) for name, event in OURS.items()]
    texts += [(f"{kind.__name__}.{member.name}", member.label) for kind in kinds() for member in kind]
    return texts


def kinds() -> list[type[Labelled]]:
    return [kind for kind in Labelled.__subclasses__() if not kind.__module__.startswith("tests.")]


def test_words_that_we_avoid_are_not_on_the_screen() -> None:
    found = [
        f"{place}: '{word}' (say: {instead})"
        for place, text in shown_texts()
        for word, instead in AVOIDED.items()
        if re.search(rf"\b{word}\b", text, re.IGNORECASE)
    ]
    assert not found, "\n".join(found)


def test_an_administrator_on_the_screen_is_of_something() -> None:
    """A bare "beheerder" may be the operator, a contact of a participant, or who runs this application."""
    bare = r"(?<![\w-])(?<![Ff]unctioneel )[Bb]eheerder\b"
    found = [place for place, text in shown_texts() if re.search(bare, text)]
    assert not found, f"{found}: say stelselbeheerder, gebruikersbeheerder, functioneel beheerder or Applicatiebeheer"


def test_labels_are_dutch_and_do_not_repeat() -> None:
    for kind in kinds():
        labels = [member.label for member in kind]
        assert len(labels) == len(set(labels)), f"{kind.__name__} has a label twice"
        assert all(label.strip() == label and label for label in labels), kind.__name__
        assert all(re.fullmatch(r"[a-z0-9_]+", str(member.value)) for member in kind), kind.__name__


# ------------------------------------------------------------------------------------------- glossary


def glossary() -> list[tuple[str, str, str]]:
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [(dutch, english, explanation) for dutch, english, explanation in rows[2:]]


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted(package.rglob("*.py"))]


def words_of(model: str) -> str:
    """OneTimeLink -> one time link"""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model).lower()


def test_the_glossary_is_complete_and_unambiguous() -> None:
    rows = glossary()
    assert len(rows) > 60
    for dutch, english, explanation in rows:
        assert dutch, english
        assert english, dutch
        assert explanation.endswith("."), f"{dutch}: explain it in a sentence"
    for column, language in ((0, "Dutch"), (1, "English")):
        words = [row[column].casefold() for row in rows]
        twice = sorted({word for word in words if words.count(word) > 1})
        assert not twice, f"{language} words that stand in the glossary twice: {twice}"


def test_every_model_has_its_word() -> None:
    known = {english.casefold() for _, english, _ in glossary()}
    models = {words_of(mapper.class_.__name__) for mapper in Base.registry.mappers}
    assert models <= known, f"docs/glossary.md lacks the Dutch word of: {', '.join(sorted(models - known))}"


def test_every_english_word_is_in_the_code_or_comes_later() -> None:
    code = " ".join(path.read_text(encoding="utf-8") for path in sources())
    code = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-\s]+", " ", code).casefold()
    models = {words_of(mapper.class_.__name__) for mapper in Base.registry.mappers}
    for dutch, english, explanation in glossary():
        later = explanation.startswith("Later")
        assert not (later and english in models), f"{dutch}: there is a model {english}; take 'Later' away"
        assert later or english.casefold() in code, (
            f"{dutch} = {english}: not in the code; mark it 'Later: …' or remove it"
        )

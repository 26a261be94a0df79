"""What is named somewhere exists, and what must work outside a request does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string, url_for

from admin import navigation
from core import approvals, jobs
from core.permissions import access_of
from identity.kinds import STAFF_PERMISSIONS

ROOT = Path(__file__).resolve().parent.parent.parent
SECTIONS = [*navigation.STAFF, *navigation.PARTICIPANT, *navigation.PUBLIC]
ENTRIES = [entry for section in SECTIONS for entry in section.entries]


def code() -> str:
    """All our Python, tests apart."""
    modules = [path for path in ROOT.glob("[a-z]*/**/*.py") if path.relative_to(ROOT).parts[0] != "tests"]
    return "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "app.py", *modules])


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.endpoint for entry in ENTRIES])
def test_every_entry_of_the_navigation_leads_to_a_page_that_asks_what_the_entry_says(
    app: Flask, entry: navigation.Entry
) -> None:
    assert entry.endpoint in app.view_functions, f"'{entry.label}' leads to {entry.endpoint}, which does not exist"
    with app.test_request_context():
        assert url_for(entry.endpoint)
    access = access_of(app, entry.endpoint)
    assert access is not None
    if entry.permission is not None:
        assert access.permission == entry.permission, (
            f"'{entry.label}' is shown to who holds {entry.permission}, but {entry.endpoint} asks {access.permission}"
        )


def endpoints_in_templates() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            endpoints = re.findall(r"""url_for\(\s*["']([a-z_.]+)["']""", path.read_text(encoding="utf-8"))
            found.extend((str(path.relative_to(ROOT)), endpoint) for endpoint in endpoints)
    return sorted(set(found))


def test_every_link_in_a_template_leads_somewhere(app: Flask) -> None:
    lost = [f"{path}: {name}" for path, name in endpoints_in_templates() if name not in app.view_functions]
    in_demo = [line for line in lost if "templates/demo/" in line or ": demo." in line]
    assert not set(lost) - set(in_demo), "\n".join(lost)


def test_every_template_that_is_rendered_exists() -> None:
    named = set(re.findall(r"""render_template\(\s*["']([\w/.-]+)["']""", code()))
    named |= {f"mail/{name}.txt" for name in re.findall(r"""queue_mail\([^()]*?["']([a-z_]+)["']\s*,\s*\w+=""", code())}
    missing = sorted(name for name in named if not (ROOT / "templates" / name).exists())
    assert not missing, f"templates that do not exist: {missing}"


TYPED_BY_HAND = {"alive", "ready"}
"""Addresses for machines and for people who know them."""


def test_every_page_can_be_reached(app: Flask) -> None:
    """Downloads apart: their address is that of the list with another ending."""
    linked = {endpoint for _, endpoint in endpoints_in_templates()} | {entry.endpoint for entry in ENTRIES}
    linked |= set(re.findall(r"""(?:url_for|absolute_url)\(\s*["']([a-z_.]+)["']""", code()))
    relative = set(re.findall(r"""url_for\(\s*["']\.([a-z_]+)["']""", code()))
    lost = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not re.search(r"\.(csv|json)$", rule.rule)
        if rule.endpoint not in linked | TYPED_BY_HAND and rule.endpoint.rpartition(".")[2] not in relative
    )
    assert not lost, f"no link leads to {', '.join(lost)}: add it to admin/navigation.py, or link to it from a page"


def test_every_setting_is_in_the_list_for_operations() -> None:
    source = (ROOT / "core/config.py").read_text(encoding="utf-8")
    read = set(re.findall(r"""(?:environment\.get\(|_need\(environment, )["']([A-Z_]+)["']""", source))
    assert len(read) > 8
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", operations, re.MULTILINE))
    assert read <= listed, f"docs/operations.md does not list {', '.join(sorted(read - listed))}"
    assert listed - read <= {"OWNER_DATABASE_URL"}, f"nothing reads {', '.join(sorted(listed - read))}"


def test_mails_and_documents_can_be_made_outside_a_request(app: Flask) -> None:
    """By commands and jobs: what every template is given must not ask for a request."""
    with app.app_context():
        assert render_template_string("{{ product_version }}{{ noindex }}{{ navigation|length }}")


def test_every_mail_is_signed_and_speaks_formally() -> None:
    for path in sorted((ROOT / "templates/mail").glob("*.txt")):
        source = path.read_text(encoding="utf-8")
        assert source.rstrip().endswith("Het Schuldenknooppunt"), f"{path.name} is not signed"
        assert not re.search(r"\b(je|jij|jouw|jullie)\b", source, re.IGNORECASE), f"{path.name} says je"


def test_pages_speak_formally() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        found = re.findall(r"\b(je|jij|jouw|jullie)\b", text, re.IGNORECASE)
        assert not found, f"{path.relative_to(ROOT)} says {found}; we say u"


def test_what_can_be_approved_asks_a_permission_that_exists(app: Flask) -> None:
    held = frozenset().union(*STAFF_PERMISSIONS.values())
    for kind in approvals.KINDS.values():
        if not kind.name.startswith("tests:"):
            assert kind.permission in held, f"nobody holds {kind.permission}, so nobody can approve '{kind.label}'"


def test_every_job_is_known_to_the_worker(app: Flask) -> None:
    tasks = jobs.procrastinate_app(app).tasks
    assert {name for name in jobs.JOBS if not name.startswith("tests:")} <= set(tasks)


def test_the_demonstration_does_not_exist_outside_the_demonstration(app: Flask) -> None:
    """Personas that sign in with one click, and a mailbox that shows everybody's mail."""
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert not {address for address in addresses if re.search(r"demo|persona|mailbox|voorbeeld", address)}
    assert not {name for name in app.blueprints if name.startswith("demo")}

"""How files are called, how long they are, and what does not stand in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PYTHON = sorted(
    path
    for path in [*ROOT.glob("*.py"), *ROOT.glob("*/**/*.py")]
    if not path.relative_to(ROOT).parts[0].startswith(".")
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "shared", "base"}
LONGEST = 400

EVERYWHERE = {
    "commands.py",
    "documents.py",
    "events.py",
    "forms.py",
    "jobs.py",
    "kinds.py",
    "models.py",
    "queries.py",
    "rules.py",
    "services.py",
    "views.py",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_a_drawer() -> None:
    drawers = [name_of(path) for path in PYTHON if path.stem in DRAWERS]
    assert not drawers, f"{drawers}: name a file after what is in it"


def test_no_file_is_too_long() -> None:
    """Migrations apart: they are written once, by a program, and never read as a whole."""
    long = {
        name_of(path): lines
        for path in PYTHON
        if "versions" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long, f"{long}: split a file of more than {LONGEST} lines by noun"


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = sorted(path.name[:4] for path in (ROOT / "migrations/versions").glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_rules_read_no_clock_database_or_web() -> None:
    forbidden = r"^(from|import) (flask|sqlalchemy|core\.(db|clock|audit|web|permissions|mail|documents|jobs))\b"
    wrong = [
        name_of(path)
        for path in PYTHON
        if path.name in {"rules.py", "kinds.py"} and path.parts[-3] != "core"
        if re.search(forbidden, path.read_text(encoding="utf-8"), re.MULTILINE) and path.parent.name != "core"
    ]
    assert not wrong, f"{wrong}: rules and kinds are pure; the day comes in as an argument"


def test_only_the_database_module_commits() -> None:
    """`core.limits` keeps a count although the attempt is refused; see there."""
    allowed = {"core/db.py", "core/limits.py"}
    wrong = [
        name_of(path)
        for path in PYTHON
        if not name_of(path).startswith(("tests/", "bench/")) and name_of(path) not in allowed
        if re.search(r"session\(\)\.commit\(|db\.session\.commit\(", path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"{wrong}: write `with transaction():` in a view, command or job"


def test_services_queries_and_rules_open_no_transaction() -> None:
    wrong = [
        name_of(path)
        for path in PYTHON
        if path.name in {"services.py", "queries.py", "rules.py", "documents.py", "models.py"}
        if not name_of(path).startswith("tests/")
        if re.search(r"with [^\n]*\btransaction\(\)", path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"{wrong}: transactions stand in views, commands and jobs"


def test_only_the_clock_reads_the_clock() -> None:
    wrong = [
        name_of(path)
        for path in PYTHON
        if not name_of(path).startswith(("tests/", "bench/", "scripts/", "core/clock.py"))
        if re.search(r"\b(date\.today|datetime\.now|datetime\.utcnow|time\.time)\(", path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"{wrong}: ask core.clock"


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_have_no_style_or_script_of_their_own(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"<style\b", source) or path.parts[-2] == "pdf", "rules stand in static/css"
    assert not re.search(r"<script(?![^>]*\bsrc=)", source), "scripts stand in static/js"
    assert not re.search(r"""\sstyle\s*=\s*["'{]""", source), "no style attributes: the security policy forbids them"
    assert not re.search(r"""\son[a-z]+\s*=\s*["'{]""", source), "no event attributes: the security policy forbids them"
    assert "javascript:" not in source
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", source) or "rel=" in source, (
        "nothing from elsewhere"
    )


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_switch_escaping_off_nowhere(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert "autoescape false" not in source
    for expression in re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}", source):
        raise AssertionError(f"{expression}: make it Markup where it is known to be safe")


def test_static_files_of_others_keep_their_licence() -> None:
    folders = [path for path in (ROOT / "static/vendor").iterdir() if path.is_dir()]
    assert folders
    without = [path.name for path in folders if not any("licen" in file.name.lower() for file in path.rglob("*"))]
    assert not without, f"{without}: put the licence text beside the files"

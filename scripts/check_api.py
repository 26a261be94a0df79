"""Check the OpenAPI document with Spectral, where Node has it; without it, say so in one line.

python -m scripts.check_api
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from governance.models import Operator
from register.open_data.documents import Place
from register.open_data.specification import specification
from register.rules import Choices, Named
from scripts.supervisor import ROOT

SPECTRAL = ("npx", "--no", "--offline", "--package", "@stoplight/spectral-cli", "spectral")
"""Only a copy that is here already: nothing is fetched."""
SKIPPED = "Controle met Spectral overgeslagen: Node met @stoplight/spectral-cli is hier niet. De eigen tests gaan door."
SECONDS = 120


def is_available() -> bool:
    if shutil.which("npx") is None:
        return False
    return subprocess.run([*SPECTRAL, "--version"], capture_output=True, check=False, timeout=SECONDS).returncode == 0


def document() -> str:
    """The document as an installation would serve it, with a choice in each filter."""
    choice = [Named("voorbeeld", "Voorbeeld")]
    operator = Operator(name="Voorbeeldbeheerder", email="data@voorbeeld.invalid")
    place = Place("https://voorbeeld.invalid", is_demo=False)
    return json.dumps(specification(place, Choices(choice, choice, choice, choice), operator))


def main() -> int:
    if not is_available():
        print(SKIPPED)
        return 0
    with TemporaryDirectory() as folder:
        file = Path(folder) / "openapi.json"
        file.write_text(document(), encoding="utf-8")
        ruleset = str(ROOT / "scripts/spectral.yaml")
        command = [*SPECTRAL, "lint", "--ruleset", ruleset, "--fail-severity", "warn", str(file)]
        return subprocess.run(command, check=False, timeout=SECONDS).returncode


if __name__ == "__main__":
    sys.exit(main())

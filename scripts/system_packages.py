"""Look whether the machine has what no Python package brings, and as root install it.

    python3 -m scripts.system_packages runtime    what the application cannot do without
    python3 -m scripts.system_packages test       and what the tests use besides

Runs before the virtual environment exists, so with the standard library only. What only tests lack is said, and those
tests are skipped; with CI=true it is an error.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """A Debian package, why we want it, and how to see that it is there (also on another system than Debian)."""

    name: str
    purpose: str
    library: str | None = None
    programs: tuple[str, ...] = ()
    module: str | None = None

    def is_present(self) -> bool:
        if self.library:
            return _loads(self.library)
        if self.module:
            return importlib.util.find_spec(self.module) is not None
        return program(self) is not None


VENV = Package("python3-venv", "om de Python-pakketten te installeren", module="ensurepip")
PANGO = Package("libpango-1.0-0", "om pdf's te maken", library="pango-1.0")
PANGO_FONTS = Package("libpangoft2-1.0-0", "om pdf's te maken", library="pangoft2-1.0")
SUBSET = Package("libharfbuzz-subset0", "om pdf's snel te maken", library="harfbuzz-subset")
CHROMIUM = Package("chromium", "om in een echte browser te testen", programs=("chromium", "chromium-browser"))
POPPLER = Package("poppler-utils", "om pdf's te bekijken in tests", programs=("pdftoppm",))

RUNTIME = (VENV, PANGO, PANGO_FONTS, SUBSET)
TEST = (CHROMIUM, POPPLER)


def program(package: Package) -> str | None:
    """The full path of the package's program, or None."""
    return next((path for name in package.programs if (path := shutil.which(name))), None)


def lacking(packages: tuple[Package, ...]) -> list[Package]:
    return [package for package in packages if not package.is_present()]


def install_line(packages: list[Package]) -> str:
    """One line, ready to copy."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(package.name for package in packages)


def main(group: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  this runs before anything has checked it
        print(
            f"Python 3.11 of hoger is nodig; dit is {sys.version.split()[0]}. Kies een andere: make PYTHON=python3.12 …"
        )
        return 1
    wanted = RUNTIME + TEST if group == "test" else RUNTIME
    absent = lacking(wanted)
    if absent and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(absent)
        absent = lacking(wanted)
    if not absent:
        return 0
    print("\nOp deze machine ontbreekt:")
    for package in absent:
        print(f"  {package.name}, {package.purpose}")
    print(
        "\nInstalleer dit met deze regel en begin dan opnieuw:\n"
        if shutil.which("apt-get")
        else "\nOp Debian zou dit zijn:\n"
    )
    print(f"  {install_line(absent)}\n", flush=True)
    if os.environ.get("CI") == "true" or any(package in RUNTIME for package in absent):
        return 1
    print("De tests gaan door; wat dit nodig heeft, wordt overgeslagen.\n", flush=True)
    return 0


def _install(packages: list[Package]) -> None:
    names = [package.name for package in packages]
    print(f"Installeren: {', '.join(names)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *names]):
        subprocess.run(["apt-get", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(ctypes.util.find_library(library) or f"lib{library}.so.0")
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "runtime"))

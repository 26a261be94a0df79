"""Run one `flask` command on a database that is made for it and thrown away.

python -m scripts.scratch database check
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from core.embedded_postgres import prepare_roles, scratch
from scripts.supervisor import ROOT, flask


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the database is cleared away
    with scratch(ROOT / ".data/scratch") as server:
        urls = prepare_roles(server.superuser_url(), "knooppunt", owner_password="scratch", app_password="scratch")  # noqa: S106  lives for seconds
        environment = os.environ | {
            "MODE": "test",
            "BASE_URL": "http://127.0.0.1:8000",
            "DATABASE_URL": urls.app,
            "OWNER_DATABASE_URL": urls.owner,
            "DATA_DIR": str(server.data_dir),
            "FILES_URL": str(server.data_dir / "bestanden"),
            "SECRET_KEY": "not-a-secret-of-anything-that-lasts",
        }
        return subprocess.run(flask(*arguments), cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The same databases as the tests have."""

from __future__ import annotations

from tests.conftest import databases

__all__ = ["databases"]

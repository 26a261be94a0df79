"""All pages of applications: of visitors, of who applies, of staff."""

from __future__ import annotations

from onboarding.applications.blueprint import blueprint
from onboarding.applications.own import views as own
from onboarding.applications.review import views as review
from onboarding.applications.start import views as start
from onboarding.applications.steps import views as steps

__all__ = ["blueprint", "own", "review", "start", "steps"]

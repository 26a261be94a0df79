"""Pages about privacy; each subject has its own."""

from __future__ import annotations

from governance.privacy.blueprint import blueprint
from governance.privacy.breaches import views as breaches
from governance.privacy.holdings import services as holdings
from governance.privacy.processing import views as processing
from governance.privacy.retention import views as retention
from governance.privacy.statistics import views as statistics
from governance.privacy.subject_requests import views as subject_requests

__all__ = ["blueprint", "breaches", "holdings", "processing", "retention", "statistics", "subject_requests"]

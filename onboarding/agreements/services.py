"""What can be done with agreements. Each verb leaves one audit sentence of its own; nothing here commits.

Texts stand in `agreements.texts`, making the document in `agreements.drafting`, signatures in `agreements.signing`; all
can be called from here. Reading along stands in `agreements.review`.
"""

from __future__ import annotations

from onboarding.agreements.drafting.services import (
    draft_contract,
    prepare_agreement,
    prepare_when_possible,
    why_not_prepared,
)
from onboarding.agreements.signing.services import countersign, decline, return_for_signing, sign
from onboarding.agreements.texts.services import import_text

__all__ = [
    "countersign",
    "decline",
    "draft_contract",
    "import_text",
    "prepare_agreement",
    "prepare_when_possible",
    "return_for_signing",
    "sign",
    "why_not_prepared",
]

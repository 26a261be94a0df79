"""States of an application, items of the task list, ways of proving things."""

from __future__ import annotations

from core.kinds import Labelled


class ApplicationStage(Labelled):
    """Until submission the application carries the state; from then on the participant does."""

    INTEREST = "interest", "Belangstelling"
    DRAFT = "draft", "Concept"
    SUBMITTED = "submitted", "Ingediend"
    WITHDRAWN = "withdrawn", "Ingetrokken"


class CheckKind(Labelled):
    """Facts that a person records because no other fact in the administration shows them yet."""

    LEGAL_REVIEW_DONE = "legal_review_done", "Juridische beoordeling klaar"
    E_HERKENNING_TESTED = "e_herkenning_tested", "eHerkenning getest"
    CERTIFICATE_PUBLISHED = "certificate_published", "Certificaat gepubliceerd"
    ACCEPTANCE_TEST_PASSED = "acceptance_test_passed", "Acceptatietest doorlopen"
    DECLARED_READY = "declared_ready", "Wij zijn klaar"
    ONBOARDING_HELD = "onboarding_held", "Onboarding gehouden"


class AuthorityBasis(Labelled):
    """On what the authority to sign rests."""

    KVK_EXTRACT = "kvk_extract", "Uittreksel KvK"
    MAYOR = "mayor", "Burgemeester (art. 171 Gemeentewet)"
    MANDATE = "mandate", "Mandaat- of volmachtbesluit"
    OTHER = "other", "Anders, zie toelichting"


class Side(Labelled):
    PARTICIPANT = "participant", "Deelnemer"
    OPERATOR = "operator", "Stelselbeheerder"


class Turn(Labelled):
    PARTICIPANT = "participant", "Deelnemer"
    PARTICIPANT_OR_SUPPLIER = "participant_or_supplier", "Deelnemer of leverancier"
    OPERATOR = "operator", "Schuldenknooppunt"
    BOTH = "both", "Samen"

"""Two thousand e-invoices of a mixed run pass the schema, EN 16931 without fatals and our Dutch rules without warnings.

Nothing is made up for the rules: participants stand in a database, a run invoices them, invoices are credited whole and
in part and made by hand, and what was issued is written as UBL and checked.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from app import create_app
from billing import queries, services
from billing.by_hand.services import draft_by_hand
from billing.delivery.services import ubl
from billing.e_invoice.checks import check
from billing.e_invoice.kinds import Layer
from billing.issuing.queries import Circumstances
from billing.models import Invoice
from billing.runs.execution.services import issue_batch
from billing.runs.kinds import RunScope
from billing.runs.services import calculate, put_forward, start_run
from core import approvals, clock
from core import db as database
from core.audit import SYSTEM, Actor
from core.db import db, scoped, session, transaction
from governance.models import Setting
from identity.kinds import StaffRole
from participants.kinds import Language, Profile
from participants.models import Participant
from tests.billing.conftest import World, load_tariffs
from tests.conftest import settings_for
from tests.database import Databases
from tests.people import People

"""Country, VAT number, language and kind of e-invoice of who gets invoices; and the UBL beside the PDF."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    for name, value in (("country", "NL"), ("language", "nl"), ("e_invoice_profile", "nlcius")):
        length = None if name == "country" else 40
        kind = sa.String(length) if length else sa.Text()
        op.add_column("invoice_details", sa.Column(name, kind, nullable=False, server_default=value))
        op.alter_column("invoice_details", name, server_default=None)
    op.add_column("invoice_details", sa.Column("vat_id", sa.Text(), nullable=True))
    for name, rule in (
        ("country_form", "country ~ '^[A-Z]{2}$'"),
        ("language", "language IN ('nl', 'en')"),
        ("e_invoice_profile", "e_invoice_profile IN ('nlcius', 'peppol')"),
    ):
        op.create_check_constraint(op.f(f"ck_invoice_details_{name}"), "invoice_details", rule)
    op.add_column("invoice_files", sa.Column("ubl_sha256", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_invoice_files_ubl_sha256"), "invoice_files", "stored_files", ["ubl_sha256"], ["sha256"]
    )

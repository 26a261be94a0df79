"""The notes of changes that public pages could show. Triggers write them; we only read whether there are new ones."""

from __future__ import annotations

from sqlalchemy import BigInteger, Sequence
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

NUMBERS = Sequence("public_changes_id_seq")


class PublicChange(Base):
    """Something was written to a table that public pages are made of; old notes go away by themselves."""

    __tablename__ = "public_changes"

    id: Mapped[int] = mapped_column(BigInteger, NUMBERS, primary_key=True, server_default=NUMBERS.next_value())
    table_name: Mapped[str]

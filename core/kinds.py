"""Enums with a Dutch label: the English value is stored, the label is shown."""

from __future__ import annotations

from enum import Enum
from typing import Self, TypeVar

from sqlalchemy import Enum as EnumColumn


class Labelled(Enum):
    """`LIVE = "live", "Aangesloten"`: value and label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs for a select field."""
        return [(str(member.value), member.label) for member in cls]


L = TypeVar("L", bound=Labelled)


def labelled_column(kind: type[L], name: str) -> EnumColumn:
    """Column type for a labelled enum: text with a check constraint called `name`."""
    return EnumColumn(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [str(member.value) for member in members],
    )

"""The form with which anybody checks an IBAN or a letter."""

from __future__ import annotations

import re

from wtforms import Field
from wtforms.validators import ValidationError

from core import codes, forms, identifiers
from core.identifiers import InvalidIdentifier


class CheckIbanForm(forms.Form):
    """One field, because people do not know which of the two they have in their hands."""

    typed = forms.text(
        "IBAN, of de code uit de brief",
        "Vul een IBAN in, of de code die in de brief staat.",
        length=60,
        what="Dit veld",
        description="Een IBAN begint met twee letters, zoals NL. Een code ziet eruit als 12-ABCD-EFGH-IJKL-MNOP.",
    )
    iban: str | None = None
    code: str | None = None

    def validate_typed(self, field: Field) -> None:
        typed = field.data or ""
        if re.match(r"\s*[A-Za-z]{2}\s*[0-9]{2}", typed):
            try:
                self.iban = identifiers.iban(typed)
            except InvalidIdentifier as error:
                raise ValidationError(
                    "Dit IBAN kan niet bestaan: de controlecijfers kloppen niet. Lees het nog eens na. Staat het"
                    " echt zo op een factuur of brief? Betaal dan niet en neem contact met ons op."
                ) from error
        elif codes.number_in(typed, length=codes.SHORT) is not None:
            self.code = typed
        else:
            raise ValidationError(
                "Dit is geen IBAN en geen code uit een brief van ons. Een code heeft een nummer en zestien tekens."
            )

"""The form with which one erases oneself: what becomes of each organisation, a confirmation, the password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, Field, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from webapp.models import Membership
from webapp.permissions import OrganisationKey
from webapp.services.succession import KEEP, WITHDRAW, Ownerless
from webapp.web.formats import name_of
from webapp.web.forms import Form


class EraseForm(Form):
    """Without any organisation; ``erase_form`` adds a field for each."""

    password: PasswordField | None = None
    keys: dict[str, OrganisationKey] = {}
    """Of this form alone: each has a class of its own."""

    confirmed = BooleanField(
        lazy_gettext("Yes, erase my account and my data. I know that this cannot be undone."),
        validators=[InputRequired(lazy_gettext("Please tick the box if you want this."))],
    )

    def choice_fields(self) -> Iterator[Field]:
        """The fields of the organisations."""
        return (self[name] for name in self.keys)

    def choices(self) -> dict[OrganisationKey, str]:
        """What becomes of each organisation."""
        return {key: self[name].data for name, key in self.keys.items()}


def erase_form(ownerless: Sequence[Ownerless], *, has_password: bool) -> EraseForm:
    """The form for somebody who leaves these organisations."""
    fields: dict[str, Any] = {"keys": {}}
    for each in ownerless:
        name = f"{each.key[0]}-{each.key[1]}"
        fields["keys"][name] = each.key
        fields[name] = RadioField(
            gettext("What becomes of %(name)s?", name=f"\u2068{name_of(each.organisation)}\u2069"),
            description=gettext("You are its last owner."),
            choices=[SelectChoice(choice, _choice_text(each, choice)) for choice in each.choices],
            default=each.choices[0] if len(each.choices) == 1 else None,
            validators=[InputRequired(gettext("Please choose."))],
        )
    if has_password:
        fields["password"] = PasswordField(
            gettext("Your password"), validators=[InputRequired(gettext("Please enter your password."))]
        )
    form: EraseForm = type("EraseFormOfOne", (EraseForm,), fields)()
    return form


def _choice_text(ownerless: Ownerless, choice: str) -> str:
    if choice == KEEP:
        return gettext("The profile stays public without an owner; the park looks after it.")
    if choice == WITHDRAW and ownerless.is_about_a_person:
        return gettext("The profile is about you; it is withdrawn and emptied.")
    if choice == WITHDRAW:
        return gettext("The profile is withdrawn; the public no longer sees it.")
    return gettext("%(name)s becomes its owner.", name=f"\u2068{_member(ownerless, choice).person.name}\u2069")


def _member(ownerless: Ownerless, choice: str) -> Membership:
    return next(each for each in ownerless.others if str(each.id) == choice)

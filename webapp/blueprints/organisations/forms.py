"""The forms of organisations: to begin one, to claim one, to invite and add members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from webapp.models import MembershipRole, Partner, PartnerKind, Startup
from webapp.services.imports.values import parse_url
from webapp.services.organisations import PITCH_LENGTH, NewOrganisation
from webapp.web.evidence_files import EvidenceForm
from webapp.web.formats import label
from webapp.web.forms import Form, language_choices
from webapp.web.listing_form import printable
from webapp.web.locale import current_language
from webapp.web.marks import partner_kind
from webapp.web.site import current_vocabulary


def line(text: str | None) -> str:
    """A line without what cannot be printed and without spaces around it."""
    return " ".join(printable(text or "").split())


def paragraphs(text: str | None) -> str:
    """The same of a text, line by line."""
    return "\n".join(printable(each).rstrip() for each in (text or "").splitlines()).strip()


def _required(text: Any) -> list[Callable[..., None]]:
    return [InputRequired(text)]


def _length(most: int) -> Length:
    return Length(max=most, message=lazy_gettext("Please use at most %(count)s characters.", count=most))


_EMAIL = Email(lazy_gettext("Please write a mail address, like name@company.ma."))
ROLES = (
    (MembershipRole.EDITOR.value, lazy_gettext("Editor: keeps the profile and takes part in introductions")),
    (MembershipRole.OWNER.value, lazy_gettext("Owner: also decides who the members are")),
)


class OrganisationForm(Form):
    """What is needed to begin an organisation."""

    kind = RadioField(lazy_gettext("What is it?"), validators=_required(lazy_gettext("Please choose what it is.")))
    name_latin = StringField(lazy_gettext("Name in Latin letters"), filters=[line], validators=[_length(160)])
    name_arabic = StringField(
        lazy_gettext("Name in Arabic letters"),
        description=lazy_gettext("One of the two names is enough."),
        filters=[line],
        validators=[_length(160)],
    )
    language = SelectField(lazy_gettext("Language of the next text"))
    text = TextAreaField(
        lazy_gettext("In one sentence: what does it do, and for whom?"),
        description=lazy_gettext(
            "At most %(count)s characters. You add the other languages later.", count=PITCH_LENGTH
        ),
        filters=[line],
        validators=[*_required(lazy_gettext("Please write one sentence.")), _length(PITCH_LENGTH)],
    )
    sector = SelectField(lazy_gettext("Main sector"), validators=[Optional()])
    region = SelectField(lazy_gettext("Region"), validators=[Optional()])
    city = StringField(lazy_gettext("City"), filters=[line], validators=[_length(80)])
    website = StringField(lazy_gettext("Website"), filters=[line], validators=[_length(300)])
    company_number = StringField(
        filters=[line],
        description=lazy_gettext("Of a registered company; it helps to see whether there is a profile already."),
        validators=[_length(40)],
    )
    not_a_duplicate = BooleanField(lazy_gettext("None of these is us. Create a new profile."))
    owner_email = EmailField(
        lazy_gettext("Mail address of its owner"),
        description=lazy_gettext("They receive an invitation. Leave it empty to invite somebody later."),
        filters=[line],
        validators=[Optional(), _EMAIL, _length(254)],
    )

    def __init__(self, *, company_number_name: str) -> None:
        super().__init__()
        self.kind.choices = [
            (Startup.noun, gettext("Startup")),
            *((kind.value, partner_kind(kind)) for kind in PartnerKind),
        ]
        self.language.choices = language_choices()
        self.sector.choices = [("", gettext("Choose…")), *_named("sectors")]
        self.region.choices = [("", gettext("Choose…")), *_named("regions")]
        self.company_number.label.text = company_number_name

    def validate_website(self, field: Field) -> None:
        """A web address, to which ``https://`` is added where it is missing."""
        if field.data:
            try:
                field.data = parse_url(field.data)
            except ValueError:
                raise ValidationError(gettext("Please write a web address, like company.ma.")) from None

    def validate_name_latin(self, field: Field) -> None:
        """One name at least."""
        if not field.data and not self.name_arabic.data:
            raise ValidationError(gettext("Please write its name in one of the two scripts."))

    @property
    def is_startup(self) -> bool:
        """Whether it is a startup and not a partner."""
        return bool(self.kind.data == Startup.noun)

    def new(self, company_number: str | None) -> NewOrganisation:
        """What the form says. A name that stands in the field of the other script is put in its own."""
        latin, arabic = self.name_latin.data or None, self.name_arabic.data or None
        if latin and not arabic and _is_arabic(latin):
            latin, arabic = None, latin
        elif arabic and not latin and not _is_arabic(arabic):
            latin, arabic = arabic, None
        return NewOrganisation(
            noun=Startup.noun if self.is_startup else Partner.noun,
            kind=None if self.is_startup else self.kind.data,
            name_latin=latin,
            name_arabic=arabic,
            language=self.language.data,
            text=self.text.data,
            sector=self.sector.data or None,
            region=self.region.data or None,
            city=self.city.data,
            website=self.website.data or None,
            company_number=company_number,
        )


def _is_arabic(name: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in name)


def _named(kind: str) -> list[tuple[str, str]]:
    return [(code, label(kind, code)) for code in current_vocabulary().codes(kind)]


class ClaimForm(EvidenceForm):
    """What somebody says who claims a profile, and the files that show it."""

    position = StringField(
        lazy_gettext("What do you do there?"),
        description=lazy_gettext("For example: co-founder, director, in charge of open innovation."),
        filters=[line],
        validators=[*_required(lazy_gettext("Please write what you do there.")), _length(120)],
    )
    statement = TextAreaField(
        lazy_gettext("How can the park check this?"),
        description=lazy_gettext(
            "For example a page that names you, a document that you can show, or somebody at the park who knows you. "
            "Please no identity card and no number of one."
        ),
        filters=[paragraphs],
        validators=[*_required(lazy_gettext("Please write how the park can check this.")), _length(2000)],
    )


class MemberForm(Form):
    """An address, and what its reader becomes."""

    email = EmailField(
        lazy_gettext("Mail address"),
        filters=[line],
        validators=[*_required(lazy_gettext("Please write a mail address.")), _EMAIL, _length(254)],
    )
    role = RadioField(
        lazy_gettext("What do they become?"),
        default=MembershipRole.EDITOR.value,
        validators=_required(lazy_gettext("Please choose.")),
    )

    def __init__(self) -> None:
        super().__init__()
        self.role.choices = list(ROLES)


class InviteForm(MemberForm):
    """An invitation, with the language of its mail."""

    language = SelectField(lazy_gettext("Language of the mail"))

    def __init__(self) -> None:
        super().__init__()
        self.language.choices = language_choices()
        if not self.is_submitted():
            self.language.data = current_language().code


class ConfirmForm(Form):
    """Nothing but a button."""

"""The forms of Flask-Security with our labels, our summary of errors and what else we ask when somebody signs up."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext
from flask_security import forms as base
from flask_security.change_email import ChangeEmailForm
from flask_security.recovery_codes import MfRecoveryCodesForm, MfRecoveryForm
from flask_security.tf_plugin import TwoFactorSelectForm
from flask_security.webauthn import (
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
    WebAuthnVerifyForm,
)
from markupsafe import Markup, escape
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.web.forms import FieldError, Summarised, language_choices, options
from webapp.web.locale import current_language
from webapp.web.security_words import LABELS


class Worded(Summarised):
    """Mixin of Flask-Security's forms that names their fields in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:  # type: ignore[attr-defined]  # a form is an iterable of its fields
            if field.name in LABELS:
                field.label.text = LABELS[field.name]


class SignInForm(Worded, base.LoginForm):
    """Signing in with a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # our page has the link below the field


class SignUpForm(Worded, base.RegisterFormV2):
    """Making an account: besides address and password a name, a language and the consent."""

    full_name = StringField(
        lazy_gettext("Your name"),
        description=lazy_gettext("As you write it, in Arabic or Latin letters."),
        validators=[
            DataRequired(lazy_gettext("Please enter your name.")),
            Length(max=120, message=lazy_gettext("A name has at most 120 characters.")),
        ],
    )
    language = SelectField(lazy_gettext("Language of the mails to you"))
    agrees = BooleanField(
        validators=[InputRequired(lazy_gettext("Without your agreement we cannot keep an account for you."))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()
        if self.language.data is None:
            self.language.data = current_language().code
        self.password.description = gettext("At least 10 characters. Several words are easy to remember.")
        self.agrees.label.text = _agreement()

    def summary(self) -> list[FieldError]:
        """All errors, in the order in which our page has the fields."""
        order = ["", "full_name", "email", "password", "password_confirm", "language", "agrees"]
        return sorted(super().summary(), key=lambda error: order.index(error.id) if error.id in order else len(order))

    def to_dict(self, only_user: bool) -> dict[str, Any]:
        """What the new account is made of; see ``AccountDatastore.create_user``."""
        account = {"email": self.email.data, "password": self.password.data}
        return account | {"name": self.full_name.data, "language": self.language.data}


class SecondFactorForm(Worded, base.TwoFactorSetupForm):
    """Setting up the authenticator app, or doing without; our page has a button for each."""

    setup = RadioField(choices=options([("disable", ""), ("authenticator", "")]), validate_choice=False)


class RescueForm(Worded, base.TwoFactorRescueForm):
    """What to do without the second factor; our page has a button for each."""

    help_setup = RadioField(choices=options([("help", "")]))


class PasskeyForm(Worded, WebAuthnRegisterForm):
    """A new passkey: its name and what it is for."""

    usage = RadioField(
        lazy_gettext("What is it for?"),
        choices=options(
            [
                ("first", lazy_gettext("To sign in instead of the password")),
                ("secondary", lazy_gettext("As second factor beside the password")),
            ]
        ),
        default="first",
    )


def _agreement() -> Markup:
    """The consent, with links to what is agreed to."""
    links = {"terms": (url_for("privacy.terms"), gettext("terms of use"))}
    links["privacy"] = (url_for("privacy.notice"), gettext("privacy notice"))
    marked = {name: Markup('<a href="{}">{}</a>').format(*link) for name, link in links.items()}
    # The text is a translator's, the links are ours.
    return Markup(escape(gettext("I agree to the %(terms)s and have read the %(privacy)s."))) % marked  # noqa: S704


def _worded(form: type) -> type:
    return type(form.__name__, (Worded, form), {})


FORMS: dict[str, type] = {
    "login_form": SignInForm,
    "register_form": SignUpForm,
    "two_factor_setup_form": SecondFactorForm,
    "two_factor_rescue_form": RescueForm,
    "wan_register_form": PasskeyForm,
    **{
        name: _worded(form)
        for name, form in {
            "logout_form": base.LogoutForm,
            "verify_form": base.VerifyForm,
            "forgot_password_form": base.ForgotPasswordForm,
            "reset_password_form": base.ResetPasswordForm,
            "change_password_form": base.ChangePasswordForm,
            "change_email_form": ChangeEmailForm,
            "send_confirmation_form": base.SendConfirmationForm,
            "two_factor_verify_code_form": base.TwoFactorVerifyCodeForm,
            "two_factor_select_form": TwoFactorSelectForm,
            "mf_recovery_codes_form": MfRecoveryCodesForm,
            "mf_recovery_form": MfRecoveryForm,
            "wan_register_response_form": WebAuthnRegisterResponseForm,
            "wan_signin_form": WebAuthnSigninForm,
            "wan_signin_response_form": WebAuthnSigninResponseForm,
            "wan_delete_form": WebAuthnDeleteForm,
            "wan_verify_form": WebAuthnVerifyForm,
        }.items()
    },
}
"""Form of Flask-Security -> the class that is used for it."""

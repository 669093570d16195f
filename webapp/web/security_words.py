"""What Flask-Security says, in our words, so that our catalogues hold the translations.

Flask-Security looks its messages up when it says them; here they are only collected. A test compares the keys with
those of the installed version.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext


def N_(text: str) -> str:  # noqa: N802 - the name by which Babel finds strings that are translated later
    """Mark a string for the catalogues and leave it as it is."""
    return text


_SIGN_IN_FAILED = N_("The mail address or the password is not right.")
_LINK_DEAD = N_("This link is not valid any more. Ask for a new one here.")
_NOT_THIS_PASSKEY = N_("This passkey cannot be used here.")
_START_AGAIN = N_("This did not work. Please start again.")

MESSAGES: Mapping[str, tuple[str, str]] = {
    "API_ERROR": (_START_AGAIN, "error"),
    "GENERIC_AUTHN_FAILED": (_SIGN_IN_FAILED, "error"),
    "UNAUTHORIZED": (N_("This is not open to you."), "error"),
    "UNAUTHENTICATED": (N_("Please sign in to see this page."), "message"),
    "REAUTHENTICATION_REQUIRED": (N_("Please confirm that it is you before you go on."), "message"),
    "CONFIRM_REGISTRATION": (
        N_("Thank you. We have sent a mail to %(email)s; open the link in it to confirm the address."),
        "success",
    ),
    "EMAIL_CONFIRMED": (N_("Thank you, your mail address is confirmed. You can sign in now."), "success"),
    "ALREADY_CONFIRMED": (N_("This mail address is confirmed already."), "message"),
    "INVALID_CONFIRMATION_TOKEN": (_LINK_DEAD, "error"),
    "EMAIL_ALREADY_ASSOCIATED": (N_("%(email)s belongs to an account already."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords are not the same."), "error"),
    "PASSWORD_MISMATCH": (N_("The two passwords are not the same."), "error"),
    "INVALID_REDIRECT": (N_("The address to go on to does not belong to this site."), "error"),
    "INVALID_RECOVERY_CODE": (N_("This recovery code is not right, or it was used before."), "error"),
    "NO_RECOVERY_CODES_SETUP": (N_("You have no recovery codes yet."), "message"),
    "PASSWORD_RESET_REQUEST": (
        N_("If %(email)s belongs to an account, a mail with a link is on its way. The link makes a new password."),
        "success",
    ),
    "PASSWORD_RESET_EXPIRED": (_LINK_DEAD, "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (_LINK_DEAD, "error"),
    "CONFIRMATION_REQUIRED": (N_("Please confirm your mail address first; the link is in the mail to you."), "error"),
    "CONFIRMATION_REQUEST": (
        N_("If %(email)s waits to be confirmed, a mail with a new link is on its way."),
        "success",
    ),
    "CONFIRMATION_EXPIRED": (_LINK_DEAD, "error"),
    "DISABLED_ACCOUNT": (N_("This account is closed. Please write to the park."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Please enter your mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("This is not a mail address: it needs the form name@example.com."), "error"),
    "INVALID_INPUT": (N_("This value does not fit here."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Please enter a password."), "error"),
    "PASSWORD_INVALID_LENGTH": (
        N_("The password needs at least %(length)s characters, and at most 128."),
        "error",
    ),
    "PASSWORD_TOO_SIMPLE": (N_("This password is too easy to guess."), "error"),
    "USER_DOES_NOT_EXIST": (_SIGN_IN_FAILED, "error"),
    "INVALID_PASSWORD": (N_("The password is not right."), "error"),
    "FORGOT_PASSWORD": (N_("Forgot your password?"), "message"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password is changed. Sign in with the new one."), "success"),
    "PASSWORD_IS_THE_SAME": (N_("The new password is the same as the old one."), "error"),
    "PASSWORD_CHANGE": (N_("Your password is changed. Other devices are signed out."), "success"),
    "LOGIN": (N_("Please sign in to see this page."), "message"),
    "REFRESH": (N_("Please confirm that it is you before you go on."), "message"),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you, you can go on."), "success"),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), "message"),
    "TWO_FACTOR_INVALID_TOKEN": (N_("This code is not right. Take the one that the app shows now."), "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("Your second factor is set up."), "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Please sign in again."), "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_START_AGAIN, "error"),
    "TWO_FACTOR_DISABLED": (N_("The authenticator app is no longer asked for."), "success"),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("That took longer than %(within)s. Please start again."), "error"),
    "WEBAUTHN_EXPIRED": (N_("That took longer than %(within)s. Please start again."), "error"),
    "WEBAUTHN_NAME_REQUIRED": (N_("Please give the passkey a name, such as that of the device."), "error"),
    "WEBAUTHN_NAME_INUSE": (N_("You have a passkey named %(name)s already."), "error"),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey named %(name)s."), "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        N_("A name of a passkey has letters, digits, spaces and hyphens only, at most 64."),
        "error",
    ),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("The passkey %(name)s is removed."), "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("The passkey %(name)s is ready."), "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey is registered already."), "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (_NOT_THIS_PASSKEY, "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_NOT_THIS_PASSKEY, "error"),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey could not be checked. Please try again."), "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_NOT_THIS_PASSKEY, "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (_NOT_THIS_PASSKEY, "error"),
    "CHANGE_EMAIL_EXPIRED": (_LINK_DEAD, "error"),
    "CHANGE_EMAIL_CONFIRMED": (N_("Your mail address is changed."), "success"),
    "CHANGE_EMAIL_SENT": (
        N_("We have sent a mail to %(email)s; open the link in it to confirm the address."),
        "success",
    ),
}
"""Message of Flask-Security -> our words and the category of the notice."""

UNUSED = frozenset(
    {
        # for signing in with a code or a link instead of a password
        "GENERIC_US_SIGNIN", "US_CURRENT_METHODS", "US_METHOD_NOT_AVAILABLE", "US_SETUP_EXPIRED",
        "US_SETUP_SUCCESSFUL", "US_SPECIFY_IDENTITY", "USE_CODE", "CODE_HAS_BEEN_SENT", "FAILED_TO_SEND_CODE",
        "INVALID_CODE", "INVALID_PASSWORD_CODE", "LOGIN_EXPIRED", "LOGIN_EMAIL_SENT", "INVALID_LOGIN_TOKEN",
        "PASSWORDLESS_LOGIN_SUCCESSFUL", "PHONE_INVALID",
        # for names beside the address, and for accounts elsewhere
        "GENERIC_RECOVERY", "IDENTITY_ALREADY_ASSOCIATED", "IDENTITY_NOT_REGISTERED", "OAUTH_HANDSHAKE_ERROR",
        "USERNAME_CHANGE", "USERNAME_INVALID_LENGTH", "USERNAME_DISALLOWED_CHARACTERS", "USERNAME_NOT_PROVIDED",
        "USERNAME_ALREADY_ASSOCIATED", "USERNAME_RECOVERY_REQUEST",
        # for services that we do not ask, tokens that we do not give, and what nothing says any more
        "PASSWORD_BREACHED", "PASSWORD_BREACHED_SITE_ERROR", "PASSWORD_RESET", "REFRESH_TOKEN_INVALID",
        "INVALID_INPUT_LENGTH",
    }
)  # fmt: skip
"""Messages of features that are off."""

LABELS = {
    "email": lazy_gettext("Mail address"),
    "password": lazy_gettext("Password"),
    "password_confirm": lazy_gettext("The same password again"),
    "new_password": lazy_gettext("New password"),
    "new_password_confirm": lazy_gettext("The new password again"),
    "remember": lazy_gettext("Stay signed in on this device"),
    "code": lazy_gettext("Code"),
    "name": lazy_gettext("Name"),
    "which": lazy_gettext("How do you want to confirm that it is you?"),
    "identity": lazy_gettext("Mail address"),
}
"""Field of Flask-Security's forms -> its label; buttons are named by our templates."""

METHODS = (N_("authenticator"), N_("passkey"), N_("none"))
"""How Flask-Security calls the second factors that we offer."""


def message_settings() -> dict[str, tuple[str, str]]:
    """The messages as settings of Flask-Security."""
    return {f"SECURITY_MSG_{key}": words for key, words in MESSAGES.items()}

"""The form of what an account is for the network."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.models import NetworkRole
from webapp.web.forms import Form, options


class RolesForm(Form):
    """Network roles, and the region of an authority."""

    mark = HiddenField()
    roles = SelectMultipleField(
        lazy_gettext("Roles for the network"),
        description=lazy_gettext("A change signs the person out on all devices, and they are told by mail."),
        choices=options(
            [
                (NetworkRole.AUTHORITY.value, lazy_gettext("Authority: reads the unpublished figures of one region")),
                (NetworkRole.STAFF.value, lazy_gettext("Staff: reviews, decides, checks introductions")),
                (NetworkRole.ADMINISTRATOR.value, lazy_gettext("Administrator: decides who works for the network")),
            ]
        ),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    region = SelectField(lazy_gettext("Region of the authority"))

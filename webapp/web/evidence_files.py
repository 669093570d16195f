"""Attached files at the edge: the field to choose them, what is said of those refused, and how one is handed out."""

from __future__ import annotations

import io
from collections.abc import Sequence

from babel.units import format_unit
from flask import Flask, Response, flash, request, request_started, send_file, url_for
from flask_babel import get_locale, gettext, lazy_gettext, ngettext
from flask_wtf.file import MultipleFileField
from wtforms import Field, ValidationError

from webapp.errors import Conflict, DomainError, Invalid
from webapp.extensions import db
from webapp.models import EvidenceFile, EvidenceKind
from webapp.services.evidence import MOST_FILES, Holder, attach, is_sender, list_evidence, take_away
from webapp.services.evidence_content import LARGEST_FILE
from webapp.web.access import current_actor
from webapp.web.formats import number
from webapp.web.forms import Form, unknown_rule

UPLOADS = frozenset({"organisations.claim", "evidence.claim", "profiles.evidence", "applications.documents"})
"""Endpoints that take files."""
MOST_BYTES = 32 * 1024 * 1024
"""Of a request with files: more than the files may have together, so that one that is too large is named beside its
field instead of the whole form being refused."""

_MEDIA_TYPES = {
    EvidenceKind.PDF: "application/pdf",
    EvidenceKind.JPEG: "image/jpeg",
    EvidenceKind.PNG: "image/png",
}
_ACCEPTED = ",".join((".pdf", ".jpg", ".jpeg", ".png", *_MEDIA_TYPES.values()))
_MEGABYTE, _KILOBYTE = 1024 * 1024, 1024


class EvidenceForm(Form):
    """Base of forms with which files are attached."""

    files = MultipleFileField(
        lazy_gettext("Files"),
        description=lazy_gettext(
            "PDF, JPEG or PNG, at most 5 MB each, 3 files at most; for example a certificate of registration. Please "
            "no identity card. Only the park’s staff receive them."
        ),
        render_kw={"accept": _ACCEPTED},
    )

    @property
    def chosen(self) -> list[tuple[str, bytes]]:
        """Name and content of the files that were chosen; of one that is too large, enough to tell so."""
        uploads = [upload for upload in self.files.data or () if upload and upload.filename]
        return [(upload.filename, upload.stream.read(LARGEST_FILE + 1)) for upload in uploads]


class AttachForm(EvidenceForm):
    """Nothing but files."""

    def validate_files(self, field: Field) -> None:
        """Without one there is nothing to do."""
        if not any(upload and upload.filename for upload in field.data or ()):
            raise ValidationError(gettext("Please choose a file."))


def attach_chosen(form: EvidenceForm, holder: Holder) -> int:
    """Attach what was chosen, file by file; gives how many. The others are named beside the field.

    Browsers do not fill a field for files again: so those that are in order stay attached whatever else is wrong.
    """
    count = 0
    for name, content in form.chosen:
        try:
            attach(db.session, current_actor(), holder, name, content)
        except (Invalid, Conflict) as error:
            form.refuse(form.files, f"\u2068{name[-80:]}\u2069: {evidence_rule(error)}")
        else:
            count += 1
    return count


def attached(form: AttachForm, holder: Holder) -> bool:
    """Attach what was chosen, if anything was, and say so; whether nothing is left to be said beside the field."""
    if not form.validate_on_submit():
        return False
    count = attach_chosen(form, holder)
    db.session.commit()
    if form.errors:
        return False
    flash(
        ngettext("%(count)s file is attached.", "%(count)s files are attached.", count, count=number(count)), "success"
    )
    return True


def taken_away(file: EvidenceFile, *, has_link: bool = False) -> None:
    """Take a file away that its reader has sent, and say so, or why it stays."""
    try:
        take_away(db.session, current_actor(), file, has_link=has_link)
    except Conflict as error:
        db.session.rollback()
        flash(evidence_rule(error), "error")
    else:
        db.session.commit()
        flash(gettext("The file is removed."), "success")


def evidence_rule(error: DomainError) -> str:
    """Why a file was not taken, in words."""
    texts = {
        "evidence-empty": gettext("The file is empty."),
        "evidence-too-large": gettext("The file is larger than 5 MB."),
        "evidence-format": gettext("This is not a PDF, JPEG or PNG file, or it is damaged."),
        "evidence-too-many-pixels": gettext("The picture has too many pixels. Please make it smaller first."),
        "evidence-decided": gettext("The park has decided meanwhile; files can no longer be attached or removed."),
        "too-many-files": gettext("No more than %(most)s files can be attached. Remove one first.", most=MOST_FILES),
        "too-many-files-today": gettext("You have attached many files today. Please attach this one tomorrow."),
    }
    return texts.get(error.code) or unknown_rule(error)


def evidence_response(file: EvidenceFile) -> Response:
    """A file to be saved: no browser shows it inside a page, guesses what it is, or keeps it."""
    response = send_file(
        io.BytesIO(file.content), _MEDIA_TYPES[EvidenceKind(file.kind)], as_attachment=True, download_name=file.name
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def file_size(size: int) -> str:
    """A number of bytes as a person reads it."""
    amount, unit = (size / _MEGABYTE, "megabyte") if size >= _MEGABYTE / 10 else (size / _KILOBYTE, "kilobyte")
    return str(format_unit(max(round(amount, 1), 0.1), f"digital-{unit}", "short", locale=get_locale()))


def attached_files(holder: Holder) -> Sequence[EvidenceFile]:
    """The files of a claim, a revision or an application (one query)."""
    return list_evidence(db.session, holder)


def evidence_url(file: EvidenceFile) -> str:
    """The address of a file, for those who receive it; empty for colleagues, who only know that it is there."""
    actor = current_actor()
    return url_for("evidence.file", file=file.reference) if actor.is_staff or is_sender(actor, file) else ""


def evidence_removal(file: EvidenceFile) -> str:
    """The address of a file's removal, for whoever sent it; empty for others."""
    return url_for("evidence.remove", file=file.reference) if is_sender(current_actor(), file) else ""


def _let_files_in(_app: Flask) -> None:
    """Before anything reads the form, which the check of its token does first."""
    if request.endpoint in UPLOADS:
        request.max_content_length = MOST_BYTES


def init_app(app: Flask) -> None:
    """Let requests with files be larger than others, and templates say how large a file is."""
    request_started.connect(_let_files_in, app)
    for function in (file_size, evidence_url, evidence_removal, attached_files):
        app.add_template_global(function)

"""The forms of imports: the file, what its columns are, and the cells of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import (
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.i18n import LANGUAGES
from webapp.models import ImportRun
from webapp.services.import_rows import REASON_LENGTH
from webapp.services.import_runs import SUFFIXES
from webapp.services.imports.proposing import propose_targets, targets
from webapp.services.slugs import numbered_slug
from webapp.web.forms import Form, SeenForm, options
from webapp.web.import_words import field_label
from webapp.web.locale import current_language, offered_languages

DRAFT, PUBLISH = "draft", "publish"
_NEEDED = lazy_gettext("Please fill this in.")


class UploadForm(Form):
    """A list, and perhaps the mapping that says what its columns are."""

    file = FileField(lazy_gettext("List"), render_kw={"accept": ",".join(sorted(SUFFIXES))})
    mapping = FileField(lazy_gettext("Mapping"), [Optional()], render_kw={"accept": ".toml"})

    def __init__(self) -> None:
        super().__init__()
        self.file.description = gettext("CSV, XLSX or JSON lines, at most 5 MB, with the names of the columns on top.")
        self.mapping.description = gettext(
            "A TOML file, if you have one. Otherwise you say on the next page what is what."
        )

    def validate_file(self, field: Field) -> None:
        """There must be one."""
        if not field.data or not field.data.filename:
            raise ValidationError(gettext("Please choose a file."))


class ImportForm(SeenForm):
    """Whether the public sees what an import creates."""

    visibility = RadioField(
        lazy_gettext("What is new"),
        choices=[
            SelectChoice(DRAFT, lazy_gettext("stays a draft, which the public does not see")),
            SelectChoice(PUBLISH, lazy_gettext("is published; so are drafts of earlier imports of this source")),
        ],
        default=DRAFT,
    )


class MappingForm(SeenForm):
    """Where a list comes from, and what its columns are; ``mapping_form`` adds a field for each column."""

    name = StringField(
        lazy_gettext("Short name of the source"),
        [
            InputRequired(_NEEDED),
            Length(max=80),
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$",
                message=lazy_gettext("Small Latin letters, digits and single hyphens only."),
            ),
        ],
        description=lazy_gettext("By it the rows are known again when the list comes again: always use the same."),
        render_kw={"dir": "ltr", "autocomplete": "off"},
    )
    attribution = StringField(
        lazy_gettext("Who made the list"),
        [InputRequired(_NEEDED), Length(max=300)],
        description=lazy_gettext("Shown on every profile that comes from it."),
    )
    licence = StringField(lazy_gettext("Terms under which it may be used"), [InputRequired(_NEEDED), Length(max=300)])
    url = StringField(
        lazy_gettext("Web address"), [Optional(), Length(max=300)], render_kw={"dir": "ltr", "inputmode": "url"}
    )
    key = SelectMultipleField(
        lazy_gettext("What makes a row the same row when it comes again"),
        description=lazy_gettext("The column of a number or a name that does not change."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    columns: Sequence[str]

    def column_fields(self) -> list[tuple[str, Any]]:
        """Each column of the file with its field."""
        return [(column, self[f"column-{number}"]) for number, column in enumerate(self.columns)]

    def chosen(self) -> dict[str, str]:
        """Column -> what it fills, for those that fill something."""
        return {column: field.data for column, field in self.column_fields() if field.data}

    def source(self) -> dict[str, Any]:
        """Where the list comes from, as a mapping has it."""
        said = {name: (self[name].data or "").strip() for name in ("name", "attribution", "licence", "url")}
        return said | {"key": self.key.data}

    def validate_key(self, field: Field) -> None:
        """Without a key no row would be known again."""
        if not field.data:
            raise ValidationError(gettext("Choose at least one column."))


def mapping_form(run: ImportRun, columns: Sequence[str]) -> MappingForm:
    """The form with a proposal for every column, or with what was chosen before."""
    languages = [language.code for language in offered_languages()]
    choices = options([("", gettext("– leave it out –")), *((each, target_label(each)) for each in targets(languages))])
    fields: dict[str, Any] = {
        f"column-{number}": SelectField(column, choices=choices) for number, column in enumerate(columns)
    }
    proposed = _chosen_before(run) or propose_targets(columns, languages, current_language().code)
    data: dict[str, Any] = {f"column-{n}": proposed.get(column, "") for n, column in enumerate(columns)}
    data |= {"version": str(run.version), "name": numbered_slug(run.filename.rpartition(".")[0], (), fallback="list")}
    data |= {"key": _key_columns(proposed), **run.mapping.get("source", {})}
    form: MappingForm = type("MappingForm", (MappingForm,), {**fields, "columns": columns})(data=data)
    form.key.choices = options((column, column) for column in columns)
    return form


def target_label(target: str) -> str:
    """What a column may fill, in words."""
    name, _, language = target.partition(":")
    if language:
        return gettext("%(field)s (%(language)s)", field=field_label(name), language=LANGUAGES[language].name)
    return field_label(name)


def _chosen_before(run: ImportRun) -> dict[str, str]:
    found = {}
    for name, rules in run.mapping.get("columns", {}).items():
        for rule in rules:
            for column in [rule["column"]] if "column" in rule else rule.get("columns", []):
                found[column] = f"{name}:{rule['language']}" if rule.get("language") else name
    return found


def _key_columns(proposed: dict[str, str]) -> list[str]:
    by_target = {target: column for column, target in reversed(proposed.items())}
    best = next((by_target[name] for name in ("slug", "name_latin", "name_arabic") if name in by_target), None)
    return [best] if best else []


class RowForm(SeenForm):
    """The cells of a row; ``row_form`` adds a field for each."""

    reason = TextAreaField(
        lazy_gettext("Why it is left out"),
        [Optional(), Length(max=REASON_LENGTH)],
        filters=[lambda text: (text or "").strip()],
        render_kw={"rows": 2, "maxlength": REASON_LENGTH, "dir": "auto"},
    )
    columns: Sequence[str]

    def cell_fields(self) -> list[Any]:
        """The fields of the cells."""
        return [self[f"cell-{number}"] for number, _ in enumerate(self.columns)]

    def changed_cells(self, before: dict[str, str]) -> list[Any]:
        """The fields of the cells that say something else than before."""
        return [
            self[f"cell-{n}"] for n, column in enumerate(self.columns) if self.cells()[column] != before.get(column)
        ]

    def cells(self) -> dict[str, str]:
        """What the cells say now."""
        return {column: field.data or "" for column, field in zip(self.columns, self.cell_fields(), strict=True)}


LONG = 90
"""A cell with more characters gets several lines."""


def row_form(columns: Sequence[str], cells: dict[str, str], version: int) -> RowForm:
    """The form with what the file says."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"version": str(version)}
    for number, column in enumerate(columns):
        text = cells.get(column, "")
        kind = TextAreaField if len(text) > LONG or "\n" in text else StringField
        fields[f"cell-{number}"] = kind(column, [Optional()], render_kw={"dir": "auto", "autocomplete": "off"})
        data[f"cell-{number}"] = text
    form: RowForm = type("RowForm", (RowForm,), {**fields, "columns": columns})(data=data)
    return form

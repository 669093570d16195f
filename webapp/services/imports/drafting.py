"""From a row to what it says of a startup, with a note for everything that could not be understood.

Nothing is written here: ``webapp.services.imports.importer`` does that, if nothing stands in the way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from stdnum import get_cc_module

from webapp.models import DbSession, Network, Site, Term, TermKind
from webapp.services.imports.drafts import Draft, cut_text, finish_draft, read_milestone
from webapp.services.imports.fields import FIELDS, Field, FieldKind, Transform
from webapp.services.imports.lookups import Lookups
from webapp.services.imports.mapping import Mapping, Rule
from webapp.services.imports.readers import Row
from webapp.services.imports.stays import parse_event
from webapp.services.imports.values import (
    TRANSFORMS,
    key_of,
    parse_boolean,
    parse_country,
    parse_date,
    parse_url,
    split_cell,
)

_CURRENCY = re.compile("[A-Z]{3}")


class Drafter:
    """Reads rows by a mapping and a network's vocabulary.

    Raises:
        Invalid: ``alias-unknown``: an alias of the mapping points at a term that the network does not have.
    """

    def __init__(self, session: DbSession, mapping: Mapping, network: Network) -> None:
        self.mapping = mapping
        self.currency = network.currency
        self.lookups = Lookups(session)
        country, module = network.company_number["stdnum"].split(".")
        self.number_check: Any = get_cc_module(country, module)
        self._aliases: dict[int, dict[str, list[str]]] = {}
        for name, rules in mapping.columns.items():
            for rule in rules:
                self._aliases[id(rule)] = self._prepare_aliases(name, rule)

    def _prepare_aliases(self, name: str, rule: Rule) -> dict[str, list[str]]:
        aliases = {
            key_of(text): [code for code in ([codes] if isinstance(codes, str) else codes) if code]
            for text, codes in rule.aliases.items()
        }
        if FIELDS[name].kind == FieldKind.TERMS:
            self.lookups.require_codes(TermKind(name), (code for codes in aliases.values() for code in codes))
        return aliases

    def draft(self, row: Row) -> Draft:
        """What a row says."""
        draft = Draft(notes=list(row.notes))
        for name, rules in self.mapping.columns.items():
            for rule in rules:
                self._fill(draft, name, rule, row)
        finish_draft(draft, self.currency)
        if TermKind.SECTOR.value in self.mapping.columns and not draft.terms.get(TermKind.SECTOR):
            draft.note("no-sector")
        return draft

    def _fill(self, draft: Draft, name: str, rule: Rule, row: Row) -> None:
        spec = FIELDS[name]
        transform = rule.transform or spec.transform
        for raw, text in self._values(rule, row, spec):
            if text is None:
                draft.known.add((rule.sources, raw))
                continue
            try:
                value = TRANSFORMS[transform](text)
                self._put(draft, name, rule, raw, value)
            except ValueError:
                if transform == Transform.COUNTRY:
                    draft.miss(rule.sources, raw, name)
                else:
                    draft.note("unreadable", field=name, value=raw)

    def _values(self, rule: Rule, row: Row, spec: Field) -> Iterator[tuple[str, str | None]]:
        """The values of a row for a rule, as they stand and after aliases; None for one that means nothing."""
        listed = row.lists.get(rule.sources[0]) if len(rule.sources) == 1 else None
        if listed is not None and spec.multiple:
            values = [value.strip() for value in listed if value.strip()]
        else:
            # A list in a field of one value is a list of words, except where the field reads JSON.
            is_words = listed and spec.kind != FieldKind.MILESTONES
            cells = [", ".join(listed or ())] if is_words else [row.cells.get(name, "") for name in rule.sources]
            values = split_cell(rule.join.join(cell.strip() for cell in cells if cell.strip()), rule.separators)
        if not values and rule.default is not None:
            values = [rule.default]
        for value in values:
            replaced = self._aliases[id(rule)].get(key_of(value))
            if replaced is None:
                yield value, value
            for text in [None] if replaced == [] else replaced or ():
                yield value, text

    def _put(self, draft: Draft, name: str, rule: Rule, raw: str, text: str) -> None:
        """Set what a text says. Raises ValueError if it says nothing that the field takes."""
        kind = FIELDS[name].kind
        if kind == FieldKind.LOCALIZED:
            self._put_localized(draft, name, rule.language or "", text)
        elif kind == FieldKind.TERMS:
            self._put_term(draft, TermKind(name), rule, raw, text)
        elif kind == FieldKind.REGION:
            draft.region = self.lookups.regions.get(key_of(text))
            if draft.region is None:
                draft.miss(rule.sources, raw, name)
        elif kind == FieldKind.STAY:
            self._put_stay(draft, name, rule, raw, text)
        elif kind == FieldKind.EVENTS:
            draft.events.append(parse_event(text, self.lookups))
        elif kind == FieldKind.MILESTONES:
            draft.milestones = [read_milestone(item) for item in json.loads(text)]
        elif kind == FieldKind.NOTE:
            draft.note("source-says", column=" ".join(rule.sources), value=text)
        else:
            self._put_column(draft, name, rule, text)

    def _put_column(self, draft: Draft, name: str, rule: Rule, text: str) -> None:
        kind, limit = FIELDS[name].kind, FIELDS[name].limit
        if kind == FieldKind.COUNTRIES:
            _append(draft.columns, name, parse_country(text))
        elif kind == FieldKind.GOALS:
            _append(draft.columns, name, _goal(text))
        elif kind == FieldKind.DATE:
            draft.columns[name] = self._date(draft, name, rule, text)
        elif kind == FieldKind.COMPANY_NUMBER:
            draft.columns[name] = self._company_number(text)
        elif kind == FieldKind.TEXT or len(text) <= limit or not limit:
            draft.columns[name] = _READERS[kind](text)
        else:
            draft.note("too-long", field=name, limit=limit)

    def _company_number(self, text: str) -> str:
        """The number as its check writes it; spreadsheets drop leading zeros, which its standard form puts back."""
        check = self.number_check
        number: str = check.compact(text)
        if not check.is_valid(number) and hasattr(check, "format"):
            number = check.compact(check.format(number))
        if not check.is_valid(number):
            raise ValueError("not a company number")
        return number

    def _date(self, draft: Draft, name: str, rule: Rule, text: str) -> date:
        day, exact = parse_date(text, rule.date_format)
        if not exact:
            draft.note("date-rounded", field=name, value=text, date=day.isoformat())
        return day

    def _put_localized(self, draft: Draft, name: str, language: str, text: str) -> None:
        cut = cut_text(text, FIELDS[name].limit)
        if cut != text:
            draft.note("cut", field=name, limit=FIELDS[name].limit)
        draft.texts.setdefault(name, {})[language] = cut

    def _put_term(self, draft: Draft, kind: TermKind, rule: Rule, raw: str, text: str) -> None:
        term = self.lookups.term(kind, text)
        if term is None:
            draft.miss(rule.sources, raw, kind.value)
            return
        draft.known.add((rule.sources, raw))
        terms = draft.terms.setdefault(kind, [])
        if term not in terms:
            terms.append(term)

    def _put_stay(self, draft: Draft, name: str, rule: Rule, raw: str, text: str) -> None:
        found: Site | Term | date | None
        if name == "site":
            found = self.lookups.sites.get(key_of(text))
        elif name == "leaving_reason":
            found = self.lookups.terms[TermKind.LEAVING_REASON].get(key_of(text))
        else:
            found = self._date(draft, name, rule, text)
        if found is None:
            draft.miss(rule.sources, raw, name)
        else:
            draft.stay[name] = found


def _append(columns: dict[str, Any], name: str, value: Any) -> None:
    values = columns.setdefault(name, [])
    if value not in values:
        values.append(value)


def _goal(text: str) -> int:
    number = int(re.sub(r"\D+", " ", text).strip())
    if not 1 <= number <= 17:
        raise ValueError("not a goal")
    return number


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text.upper()):
        raise ValueError("not a currency")
    return text.upper()


# A mapping may choose another transform than the field's own, so the field checks what came of it.
_READERS: dict[FieldKind, Callable[[str], Any]] = {
    FieldKind.TEXT: str,
    FieldKind.URL: parse_url,
    FieldKind.COUNTRY: parse_country,
    FieldKind.CURRENCY: _currency,
    FieldKind.NUMBER: int,
    FieldKind.FLAG: parse_boolean,
}

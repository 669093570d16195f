"""The directories straight from the database: which codes are known, and the whole listing for when there is no index.

Same filters, facet counts, orders and pages as ``webapp.search.query``; only the text is looked for more simply.
"""

from __future__ import annotations

import json
import unicodedata
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.language import fold
from webapp.models import (
    DbSession,
    Partner,
    PartnerKind,
    PartnerTerm,
    Region,
    Residency,
    Site,
    Startup,
    StartupSite,
    StartupTerm,
    Term,
    TermKind,
)
from webapp.search import Answer, Query
from webapp.search.documents import PARTNER_TERM_FACETS, RESIDENCY_ORDER, STARTUP_TERM_FACETS
from webapp.search.parser import MAX_CHARACTERS, MAX_TERMS
from webapp.search.query import page_count

Model = type[Startup] | type[Partner]
Condition = sa.ColumnElement[bool]

MOST_IDS = 1000
"""How many ids a query may name one by one."""


class _Facet(ABC):
    """How the database knows which codes of a facet a row carries."""

    @abstractmethod
    def carrying(self, codes: Collection[str]) -> Condition:
        """The condition that a row carries at least one of these codes."""

    @abstractmethod
    def counts(self, session: DbSession, ids: sa.Select[Any]) -> dict[str, int]:
        """How many rows of a select of ids carry each code, in one query."""


class _PairFacet(_Facet):
    """A facet that is a select of pairs: id of the row, code."""

    def __init__(self, model: Model, pairs: sa.SelectBase) -> None:
        self._model = model
        self._pairs = pairs.subquery()

    def carrying(self, codes: Collection[str]) -> Condition:
        owner, code = self._pairs.c
        return self._model.id.in_(sa.select(owner).where(code.in_(codes)))

    def counts(self, session: DbSession, ids: sa.Select[Any]) -> dict[str, int]:
        owner, code = self._pairs.c
        statement = sa.select(code, sa.func.count(owner.distinct())).where(owner.in_(ids)).group_by(code)
        return {str(found): number for found, number in session.execute(statement)}


class _TermFacet(_PairFacet):
    """A facet whose codes are the terms of one kind; those that a partner rules out do not count."""

    def __init__(self, model: Model, links: type[StartupTerm] | type[PartnerTerm], kind: TermKind) -> None:
        self.kind = kind
        self.links: sa.SelectBase = sa.select(StartupTerm.startup_id.label("owner"), StartupTerm.term_id)
        if links is PartnerTerm:
            self.links = _partner_links()
        carried = self.links.subquery()
        pairs = sa.select(carried.c.owner, Term.code).join(Term, Term.id == carried.c.term_id)
        super().__init__(model, pairs.where(Term.kind == kind))


def _partner_links() -> sa.SelectBase:
    """Partner and term, of what it names; who names no sector is open to all of them but those that it rules out."""
    named = sa.select(PartnerTerm.partner_id.label("owner"), PartnerTerm.term_id).where(~PartnerTerm.excluded)
    link, of_kind = aliased(PartnerTerm), aliased(Term)
    names_one = sa.exists().where(link.partner_id == Partner.id, ~link.excluded, link.term_id == of_kind.id)
    rules_out = sa.exists().where(link.partner_id == Partner.id, link.excluded, link.term_id == Term.id)
    every = sa.select(Partner.id, Term.id).join(Term, Term.kind == TermKind.SECTOR)
    names_any = names_one.where(of_kind.kind == TermKind.SECTOR)
    return sa.union_all(named, every.where(~names_any, ~rules_out))


def _term_counts(
    session: DbSession, facets: Mapping[str, _TermFacet], ids: sa.Select[Any]
) -> dict[str, dict[str, int]]:
    """The counts of several facets of terms in one query: counting each on its own would read all links each time."""
    counts: dict[str, dict[str, int]] = {name: {} for name in facets}
    if not facets:
        return counts
    names = {facet.kind: name for name, facet in facets.items()}
    links = next(iter(facets.values())).links.subquery()
    # Grouped by number before the codes are joined; the other way round takes twice as long.
    carried = sa.select(links.c.term_id, sa.func.count().label("number")).where(links.c.owner.in_(ids))
    by_term = carried.group_by(links.c.term_id).subquery()
    statement = sa.select(Term.kind, Term.code, by_term.c.number).join(by_term, by_term.c.term_id == Term.id)
    for kind, code, number in session.execute(statement.where(Term.kind.in_(names))):
        counts[names[kind]][code] = number
    return counts


class _LanguageFacet(_Facet):
    """Partners' languages, a JSON list: databases share no way to unnest it, but it has few distinct values."""

    _text = sa.cast(Partner.languages, sa.String)

    def carrying(self, codes: Collection[str]) -> Condition:
        return sa.or_(*(self._text.contains(json.dumps(code), autoescape=True) for code in codes))

    def counts(self, session: DbSession, ids: sa.Select[Any]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        statement = sa.select(self._text, sa.func.count()).where(Partner.id.in_(ids)).group_by(self._text)
        for text, number in session.execute(statement):
            counts.update(dict.fromkeys(json.loads(text), number))
        return dict(counts)


def _startup_facets() -> dict[str, _Facet]:
    by_site = sa.select(StartupSite.startup_id, Region.code).select_from(StartupSite).join(Site).join(Region)
    by_seat = sa.select(Startup.id, Region.code).join(Startup.region).where(~Startup.site_links.any())
    pairs: dict[str, sa.SelectBase] = {
        "region": sa.union_all(by_site, by_seat),
        "site": sa.select(StartupSite.startup_id, Site.code).select_from(StartupSite).join(Site),
        "residency": sa.select(Startup.id, Startup.residency),
    }
    terms: dict[str, _Facet] = {
        facet: _TermFacet(Startup, StartupTerm, kind) for facet, kind in STARTUP_TERM_FACETS.items()
    }
    others: dict[str, _Facet] = {facet: _PairFacet(Startup, select) for facet, select in pairs.items()}
    return others | terms


def _partner_facets() -> dict[str, _Facet]:
    pairs: dict[str, sa.SelectBase] = {
        "kind": sa.select(Partner.id, Partner.kind),
        "region": sa.select(Partner.id, Region.code).join(Partner.region),
    }
    terms: dict[str, _Facet] = {
        facet: _TermFacet(Partner, PartnerTerm, kind) for facet, kind in PARTNER_TERM_FACETS.items()
    }
    others: dict[str, _Facet] = {facet: _PairFacet(Partner, select) for facet, select in pairs.items()}
    return others | {"language": _LanguageFacet()} | terms


_FACETS: Mapping[str, Mapping[str, _Facet]] = {Startup.noun: _startup_facets(), Partner.noun: _partner_facets()}
_TERM_FACETS = {Startup.noun: STARTUP_TERM_FACETS, Partner.noun: PARTNER_TERM_FACETS}


def known_codes(session: DbSession, noun: str, facets: Iterable[str]) -> dict[str, frozenset[str]]:
    """The codes that the network has for each of these facets; none for a facet that there is not.

    Languages are those in which some partner works. Takes four queries at most.
    """
    wanted = set(facets)
    known: dict[str, frozenset[str]] = dict.fromkeys(wanted, frozenset())
    kinds = {facet: kind for facet, kind in _TERM_FACETS[noun].items() if facet in wanted}
    if kinds:
        rows = session.execute(sa.select(Term.kind, Term.code).where(Term.kind.in_(kinds.values()))).all()
        for facet, kind in kinds.items():
            known[facet] = frozenset(code for found, code in rows if TermKind(found) == kind)
    if "region" in wanted:
        known["region"] = frozenset(session.scalars(sa.select(Region.code)))
    for facet in wanted & _FACETS[noun].keys() - kinds.keys() - {"region"}:
        known[facet] = _other_codes(session, facet)
    return known


def _other_codes(session: DbSession, facet: str) -> frozenset[str]:
    if facet == "site":
        return frozenset(session.scalars(sa.select(Site.code)))
    if facet == "residency":
        return frozenset(Residency)
    if facet == "kind":
        return frozenset(PartnerKind)
    return frozenset(_LanguageFacet().counts(session, sa.select(Partner.id)))


def order(session: DbSession, model: Model, sort: str) -> list[sa.SQLColumnExpression[Any]]:
    """The ORDER BY of an order of ``webapp.search.columns.SORTS``."""
    name: sa.SQLColumnExpression[Any] = model.sort_name
    if session.get_bind(model).dialect.name == "postgresql":
        # By code point, as the index and SQLite do, whatever the collation of the database.
        name = sa.collate(model.sort_name, "C")
    first: list[sa.SQLColumnExpression[Any]] = []
    if sort == "newest":
        first = [model.published_at.desc().nulls_last()]
    elif sort == "verified":
        first = [model.verified_on.desc().nulls_last()]
    elif sort == "relevance" and model is Startup:
        places = {str(residency): place for residency, place in RESIDENCY_ORDER.items()}
        first = [sa.case(places, value=Startup.residency, else_=len(places))]
    return [*first, name, model.id]


def _words(text: str) -> list[str]:
    """The words of a text that a database can be given: no control characters, which PostgreSQL refuses."""
    clean = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text[:MAX_CHARACTERS])
    return clean.replace('"', " ").split()[:MAX_TERMS]


def _mentions(model: Model, word: str) -> Condition:
    """The condition that a word stands in a name or in the short text, in any case.

    SQLite keeps JSON with its letters escaped, PostgreSQL does not: the short text is searched for both forms.
    """
    short = sa.cast(Startup.pitch if model is Startup else Partner.summary, sa.String)
    forms = dict.fromkeys((word, json.dumps(word)[1:-1]))
    places = [model.name_latin.icontains(word, autoescape=True), model.name_arabic.icontains(word, autoescape=True)]
    folded = fold(word).strip()
    if folded:
        places.append(model.sort_name.contains(folded, autoescape=True))
    return sa.or_(*places, *(short.icontains(form, autoescape=True) for form in forms))


def _narrowed(session: DbSession, model: Model, conditions: list[Condition]) -> list[Condition]:
    """Conditions on texts, as the ids that fulfil them if these are few: texts are then read once, not per facet."""
    if not conditions:
        return []
    found = model.published().with_only_columns(model.id).where(*conditions).limit(MOST_IDS + 1)
    ids = session.scalars(found).all()
    return conditions if len(ids) > MOST_IDS else [model.id.in_(ids)]


def run(session: DbSession, model: Model, query: Query) -> Answer:
    """Answer a query from the database, in a number of queries that does not depend on what is found."""
    facets = _FACETS[model.noun]
    base = _narrowed(session, model, [_mentions(model, word) for word in _words(query.text)])
    chosen = {facet: facets[facet].carrying(codes) for facet, codes in query.filters.items() if codes}

    def matching(but: str = "") -> sa.Select[Any]:
        filters = [condition for facet, condition in chosen.items() if facet != but]
        return model.published().with_only_columns(model.id).where(*base, *filters)

    together = {name: facet for name, facet in facets.items() if isinstance(facet, _TermFacet) and name not in chosen}
    counts = _term_counts(session, together, matching())
    counts |= {name: facets[name].counts(session, matching(but=name)) for name in facets.keys() - together.keys()}
    total = session.scalar(sa.select(sa.func.count()).select_from(matching().subquery())) or 0
    page: sa.Select[Any] = matching().order_by(*order(session, model, query.sort))
    ids: Sequence[int] = session.scalars(page.limit(query.per_page).offset((query.page - 1) * query.per_page)).all()
    return Answer(tuple(ids), total, page_count(total, query.per_page), counts)

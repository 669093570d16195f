"""Proposing which column of a list fills which field, from what the columns are called in three languages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from webapp.i18n import LANGUAGES
from webapp.services.imports.fields import FIELDS, FieldKind
from webapp.services.imports.values import key_of

ALIKE = 0.86
"""How alike a column's name and a usual one must be: one slip of the pen, not another word."""
SEPARATORS = (";", "|", "،", ",")
"""What may part the values of a cell, unless a mapping says it better."""
_LISTED = {FieldKind.TERMS, FieldKind.COUNTRIES, FieldKind.GOALS}
NOT_OFFERED = frozenset({"is_demo"})

_USUAL: Mapping[str, str] = {
    "slug": "slug, address of the page, identifiant de page",
    "name_latin": "name, company, company name, startup, startup name, organisation, nom, "
    "nom de la startup, raison sociale, "
    "entreprise, société, dénomination, name (latin)",
    "name_arabic": "الاسم, اسم الشركة, اسم المقاولة, الشركة, المقاولة, arabic name, name in arabic, "
    "nom en arabe, nom arabe",
    "pitch": "pitch, tagline, one-liner, short description, slogan, accroche, en une phrase, résumé, نبذة, وصف قصير",
    "description": "description, about, presentation, présentation, activité détaillée, long description, الوصف, تعريف",
    "website": "website, web, url, site web, site internet, lien, الموقع, الموقع الإلكتروني",
    "founded": "founded, year founded, founding year, year, année de création, date de création, créée en, سنة التأسيس",
    "closed_on": "closed on, closed, date de fermeture, fermée le, cessation, تاريخ الإغلاق",
    "company_number": "ice, company number, registration number, numéro ice, identifiant commun de l’entreprise, rc, "
    "التعريف الموحد للمقاولة",
    "city": "city, town, ville, localité, المدينة",
    "country": "country, pays, البلد, الدولة",
    "region": "region, région, province, الجهة",
    "sectors": "sector, sectors, industry, industries, secteur, secteurs, secteur d’activité, domaine, "
    "القطاع, القطاعات, المجال",
    "technologies": "technology, technologies, technologie, tech, التقنية, التقنيات, التكنولوجيا",
    "maturities": "maturity, stage, maturité, stade, phase, stade de développement, مرحلة النضج, المرحلة",
    "funding_stages": "funding, funding stage, round, financement, tour de table, levée, مرحلة التمويل, التمويل",
    "business_models": "business model, modèle économique, modèle d’affaires, نموذج الأعمال",
    "customers": "customers, customer, clients, clientèle, cible, marché cible, الزبناء, العملاء",
    "headcounts": "headcount, employees, team size, team, effectif, effectifs, salariés, "
    "nombre d’employés, عدد العاملين, "
    "عدد الأجراء, الفريق",
    "needs": "needs, need, looking for, besoins, besoin, recherche, الاحتياجات",
    "offers": "offers, offer, offre, offres, propose, العروض",
    "legal_forms": "legal form, forme juridique, statut juridique, الشكل القانوني",
    "women_founders": "women founders, women, female founder, femmes fondatrices, fondatrice, femmes, نساء مؤسسات",
    "export_markets": "export markets, exports, export, markets, marchés à l’export, pays d’export, أسواق التصدير",
    "sdgs": "sdgs, sdg, goals, odd, objectifs de développement durable, أهداف التنمية المستدامة",
    "raising_min": "raising, raising from, amount sought, montant recherché, besoin de financement, المبلغ المطلوب",
    "raising_max": "raising up to, raising max, montant maximal, jusqu’à",
    "currency": "currency, devise, monnaie, العملة",
    "site": "site, park, technopark, hub, location, parc, site d’accueil, المجمع, الموقع الجغرافي",
    "entered_on": "entered on, entry, entry date, joined, date d’entrée, entrée, entrée le, "
    "date d’intégration, تاريخ الدخول, "
    "تاريخ الالتحاق",
    "left_on": "left on, exit, exit date, left, date de sortie, sortie, sortie le, تاريخ المغادرة, تاريخ الخروج",
    "leaving_reason": "leaving reason, reason, motif de sortie, motif, سبب المغادرة",
    "residency_events": "residency events, residency",
    "milestones": "milestones, jalons",
    "note": "note, notes, remark, remarks, comment, comments, remarque, observations, commentaire, ملاحظات, ملاحظة",
}
"""Field -> what lists call it."""

_LANGUAGE_WORDS: Mapping[str, str] = {
    "ar": "ar, arabic, arabe, عربي, العربية, بالعربية",
    "fr": "fr, french, français, فرنسي, الفرنسية, بالفرنسية",
    "en": "en, english, anglais, إنجليزي, الإنجليزية, بالإنجليزية",
}
_PARTS = re.compile(r"[\W_]+")


def _words(text: str) -> list[str]:
    return [word for word in _PARTS.split(key_of(text)) if word]


def _plain(text: str) -> str:
    return " ".join(_words(text))


_LANGUAGE_OF = {_plain(word): code for code, words in _LANGUAGE_WORDS.items() for word in words.split(",")}
_FIELD_OF = {_plain(name): field for field, names in _USUAL.items() for name in (*names.split(","), field)}


def targets(languages: Sequence[str]) -> Iterator[str]:
    """What a column may fill: a field, or of texts in several languages the field and the language (``pitch:fr``)."""
    for name, field in FIELDS.items():
        if name in NOT_OFFERED:
            continue
        if field.kind == FieldKind.LOCALIZED:
            yield from (f"{name}:{language}" for language in languages)
        else:
            yield name


def propose_targets(columns: Sequence[str], languages: Sequence[str], language: str) -> dict[str, str]:
    """Column -> what it seems to fill, empty where nothing fits. What takes one value is proposed once.

    Args:
        columns: of the file.
        languages: that the network offers.
        language: of texts of which the column does not say it.
    """
    offered, taken, found = set(targets(languages)), set[str](), {}
    for column in columns:
        target = _target_of(column, languages, language)
        if target not in offered or (target in taken and not can_repeat(target)):
            target = ""
        taken.add(target)
        found[column] = target
    return found


def _target_of(column: str, languages: Collection[str], language: str) -> str:
    words = _words(column)
    said = [_LANGUAGE_OF[word] for word in words if word in _LANGUAGE_OF]
    whole = " ".join(words)
    bare = " ".join(word for word in words if word not in _LANGUAGE_OF) if said else whole
    field = _FIELD_OF.get(whole) or _FIELD_OF.get(bare) or _closest(bare)
    if field == "name_latin" and said == ["ar"]:
        field = "name_arabic"
    if field and FIELDS[field].kind == FieldKind.LOCALIZED:
        spoken = said[0] if said else _script_language(column, languages) or language
        return f"{field}:{spoken}"
    return field


def _closest(text: str) -> str:
    close = difflib.get_close_matches(text, _FIELD_OF, 1, ALIKE) if len(text) > 3 else []
    return _FIELD_OF[close[0]] if close else ""


def _script_language(column: str, languages: Collection[str]) -> str:
    """A column with an Arabic name most likely holds Arabic."""
    if "ar" in languages and any("\u0600" <= letter <= "\u06ff" for letter in column):
        return "ar"
    return ""


def can_repeat(target: str) -> bool:
    """Whether several columns may fill it."""
    return target in FIELDS and FIELDS[target].multiple


def columns_of(chosen: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The ``columns`` of a mapping, from column -> target; columns without a target are left."""
    found: dict[str, list[dict[str, Any]]] = {}
    for column, target in chosen.items():
        name, _, language = target.partition(":")
        if name not in FIELDS:
            continue
        rule: dict[str, Any] = {"column": column}
        if language in LANGUAGES:
            rule["language"] = language
        if FIELDS[name].kind in _LISTED:
            rule["split"] = list(SEPARATORS)
        elif FIELDS[name].kind == FieldKind.EVENTS:
            rule["split"] = ";"
        found.setdefault(name, []).append(rule)
    return found

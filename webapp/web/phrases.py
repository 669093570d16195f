"""The phrases that search boxes and programs are offered."""

from __future__ import annotations

from flask import current_app

from webapp.i18n import LANGUAGES
from webapp.search import PhraseTable
from webapp.services.suggestions import phrase_table
from webapp.web.locale import current_language
from webapp.web.site import current_search, current_vocabulary


def phrases() -> PhraseTable:
    """The phrases of the site, the reader's language first; read once for each language and state of the pack."""
    vocabulary, language = current_vocabulary(), current_language().code
    tables: dict[str, tuple[str, PhraseTable]] = current_app.extensions.setdefault("phrases", {})
    known = tables.get(language)
    if known is None or known[0] != vocabulary.digest:
        languages = dict.fromkeys((language, *LANGUAGES))
        table = phrase_table(vocabulary, current_search().startups.vocabulary, languages)
        known = tables[language] = (vocabulary.digest, table)
    return known[1]

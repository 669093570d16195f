"""Importing startups from the data sets of others: CSV, XLSX and JSON lines, by a mapping.

``mapping.read_mapping`` and ``files.read_table`` read the two files, ``importer.import_startups`` writes what they say.
Exports are ``webapp.services.exports``. This module imports none of them, because the web process needs some of the
checks of values here and none of the readers of files.
"""

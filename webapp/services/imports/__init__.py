"""Importing startups from the data sets of others: CSV, XLSX and JSON lines, by a mapping.

``read_mapping`` and ``read_table`` read the two files, ``import_startups`` writes what they say. Exports are
``webapp.services.exports``.
"""

from webapp.services.imports.files import read_table
from webapp.services.imports.importer import import_startups
from webapp.services.imports.mapping import Mapping, MappingError, read_mapping
from webapp.services.imports.readers import Row, RowProblem, Table
from webapp.services.imports.remarks import ImportReport, Remark, RowOutcome, Status

__all__ = [
    "ImportReport",
    "Mapping",
    "MappingError",
    "Remark",
    "Row",
    "RowOutcome",
    "RowProblem",
    "Status",
    "Table",
    "import_startups",
    "read_mapping",
    "read_table",
]

"""What can go wrong with an index. No error of Whoosh leaves this package."""

from __future__ import annotations


class SearchError(Exception):
    """An index cannot do what it was asked to."""


class IndexUnavailable(SearchError):  # noqa: N818  # Named after the state it reports.
    """There is no index that this process can read: missing, damaged, or made by another version. Rebuild it."""


class IndexBusy(SearchError):  # noqa: N818  # Named after the state it reports.
    """Another process kept writing to the index for longer than this one was ready to wait. Try again later."""

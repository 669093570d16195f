"""What the privacy notice and the terms of use are, as far as the program must know: their version."""

from __future__ import annotations

TERMS_VERSION = "2026-11-28"
"""Of the terms of use and the privacy notice together: the day on which their wording last changed in substance.

Whoever signs up agrees to this version, and the consent is kept with it. Change it with the templates of both pages.
"""

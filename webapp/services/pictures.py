"""Uploaded pictures, opened so that nothing in them can hurt: one place says what may be wrong with one."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, UnidentifiedImageError

from webapp.errors import Invalid


@contextmanager
def opened_picture(content: bytes, formats: tuple[str, ...], noun: str) -> Iterator[Image.Image]:
    """A picture to draw anew from.

    Args:
        content: of the file.
        formats: that are accepted, as Pillow calls them; the content decides, not the name.
        noun: what the codes of errors begin with.

    Raises:
        Invalid: ``<noun>-too-many-pixels``, or ``<noun>-format``: not such a picture, or a damaged one.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=formats) as picture:
                yield picture
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(f"{noun}-too-many-pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError):
        raise Invalid(f"{noun}-format") from None

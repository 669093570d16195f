"""Files to attach, for tests."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def scan(kind: str = "PNG", size: tuple[int, int] = (120, 80), mode: str = "RGB", **options: Any) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    Image.new(mode, size, 96).save(out, kind, **options)
    return out.getvalue()


def body_of(values: dict[str, str], *files: tuple[bytes, str]) -> dict[str, Any]:
    """What a browser sends of a form with files, all of it in memory: for ``FlaskClient.post``."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in values.items()]
    parts += [f'name="files"; filename="{name}"\r\n\r\n'.encode() + content for content, name in files]
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


def chosen(*files: tuple[bytes, str]) -> list[tuple[io.BytesIO, str]]:
    """Files as a form's field sends them."""
    return [(io.BytesIO(content), name) for content, name in files]

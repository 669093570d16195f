"""What other sites and programs get: descriptions, pictures, feeds, oEmbed, frames."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from lxml import etree
from PIL import Image
from pyld import jsonld
from sqlalchemy.orm import Session

from webapp.models import Startup

Maker = Callable[..., Any]
ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).parent.parent / "data" / "atom.rng")))


@pytest.fixture
def startup(session: Session, make_startup: Maker) -> Startup:
    row: Startup = make_startup(
        "Amlal </script> Agritech",
        site="agadir",
        sectors=["agritech"],
        pitch={"en": "Sensors that say when to water.", "ar": "مجسات تخبر الفلاح متى يسقي."},
        name_arabic="أملال",
        founded=2021,
        website="https://amlal.example",
    )
    row.slug = "amlal"
    session.commit()
    return row


def described(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def local_context(url: str, options: object) -> dict[str, Any]:
    """Schema.org's context as far as it matters here: every name is one of its own."""
    return {
        "contextUrl": None,
        "documentUrl": url,
        "document": {
            "@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "sameAs": {"@type": "@id"}}
        },
    }


def test_a_profile_describes_itself_to_programs(client: FlaskClient, startup: Startup) -> None:
    data = described(client.get("/en/startups/amlal").text)
    assert data["@type"] == "Organization"
    assert (data["name"], data["alternateName"]) == ("Amlal </script> Agritech", "أملال")
    assert (data["foundingDate"], data["sameAs"]) == ("2021", "https://amlal.example")
    (expanded,) = jsonld.expand(data, {"documentLoader": local_context})
    assert expanded["@type"] == ["https://schema.org/Organization"]
    assert expanded["https://schema.org/url"] == [{"@id": data["url"]}]
    assert all(key.startswith(("@", "https://schema.org/")) for key in expanded)


def test_the_home_page_tells_how_to_search(client: FlaskClient) -> None:
    data = described(client.get("/fr/").text)
    assert data["@type"] == "WebSite"
    assert data["potentialAction"]["target"]["urlTemplate"].endswith("/fr/startups?q={search_term_string}")


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_each_language_has_its_picture(client: FlaskClient, startup: Startup, language: str) -> None:
    html = client.get(f"/{language}/startups/amlal").text
    (address,) = re.findall(r'<meta property="og:image" content="([^"]+)"', html)
    path = re.sub(r"^https?://[^/]+", "", unescape(address))
    answer = client.get(path)
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_what_is_not_published_has_no_picture_and_no_card(
    client: FlaskClient, session: Session, startup: Startup
) -> None:
    startup.state = "withdrawn"
    session.commit()
    for path in ("/en/startups/amlal/card.png", "/embed/en/startups/amlal", "/en/partners/nobody/card.png"):
        assert client.get(path).status_code == 404


def test_a_feed_is_valid_and_tells_the_newest_first(
    client: FlaskClient, session: Session, startup: Startup, make_startup: Maker
) -> None:
    newest = make_startup("Newest & best", site="rabat", sectors=["fintech"])
    startup.published_at = datetime.now(UTC) - timedelta(days=3)
    newest.published_at = datetime.now(UTC)
    session.commit()
    answer = client.get("/ar/feeds/newcomers.atom")
    SCHEMA.assertValid(etree.fromstring(answer.data))
    feed = ET.fromstring(answer.data)  # noqa: S314 - our own
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Newest & best", "أملال"]
    assert client.get(
        "/ar/feeds/newcomers.atom", headers={"If-Modified-Since": answer.headers["Last-Modified"]}
    ).status_code in (200, 304)
    assert client.get("/ar/feeds/newcomers.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_feed_can_be_of_a_region_and_a_sector(client: FlaskClient, startup: Startup, make_startup: Maker) -> None:
    make_startup("Elsewhere", site="rabat", sectors=["agritech"])
    text = client.get("/en/feeds/newcomers.atom?region=MA-09&sector=agritech").text
    assert "Amlal" in text
    assert "Elsewhere" not in text
    assert client.get("/en/feeds/newcomers.atom?region=nowhere").status_code == 404
    SCHEMA.assertValid(etree.fromstring(client.get("/en/feeds/newcomers.atom?sector=edtech").data))


def test_the_address_of_a_profile_leads_to_its_card(client: FlaskClient, startup: Startup) -> None:
    html = client.get("/fr/startups/amlal").text
    (found,) = re.findall(r'type="application/json\+oembed" href="([^"]+)"', html)
    path = re.sub(r"^https?://[^/]+", "", unescape(found))
    data = client.get(f"{path}&maxwidth=300").json
    assert data is not None
    assert (data["version"], data["type"], data["width"]) == ("1.0", "rich", 300)
    (source,) = re.findall(r'src="([^"]+)"', data["html"])
    card = client.get(re.sub(r"^https?://[^/]+", "", source))
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in card.headers
    assert "<script" not in card.text
    root = ET.fromstring(client.get(path.replace("format=json", "format=xml")).data)  # noqa: S314 - our own
    assert root.findtext("title") == data["title"]


@pytest.mark.parametrize(
    ("address", "form", "status"),
    [
        ("https://elsewhere.example/en/startups/amlal", "json", 404),
        ("/en/startups/amlal", "json", 404),
        ("http://localhost/en/about", "json", 404),
        ("http://localhost/en/startups/nobody", "json", 404),
        ("", "json", 404),
        ("http://localhost/en/startups/amlal", "yaml", 501),
    ],
)
def test_of_other_addresses_nothing_is_told(
    client: FlaskClient, startup: Startup, address: str, form: str, status: int
) -> None:
    assert client.get(f"/oembed?url={quote(address)}&format={form}").status_code == status


def test_no_other_page_can_be_framed(client: FlaskClient, startup: Startup) -> None:
    for path in ("/en/", "/en/startups", "/en/startups/amlal", "/en/regions", "/oembed?url=x"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"], path

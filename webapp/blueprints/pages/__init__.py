"""The entrance, the home page, what the site says about itself, and what it tells search engines."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.pages import routes, sitemap

blueprint = Blueprint("pages", __name__, template_folder="templates")

blueprint.add_url_rule("/", "entrance", routes.entrance)
blueprint.add_url_rule("/<lang>/", "home", routes.home)
blueprint.add_url_rule("/<lang>/about", "about", routes.about)
blueprint.add_url_rule("/<lang>/matching", "matching", routes.matching)
blueprint.add_url_rule("/robots.txt", "robots", sitemap.robots)
blueprint.add_url_rule("/sitemap.xml", "sitemap", sitemap.sitemap)
blueprint.add_url_rule("/sitemap-<int:part>.xml", "sitemap_part", sitemap.sitemap_part)

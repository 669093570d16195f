"""Open data: what the site publishes as a data set, for people (a page), for catalogues (DCAT) and as one download."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.open_data import routes

blueprint = Blueprint("open_data", __name__, template_folder="templates")

blueprint.add_url_rule("/<lang>/data", "data", routes.data)
blueprint.add_url_rule("/data", "catalogue", routes.catalogue)
blueprint.add_url_rule("/data.<any(ttl,jsonld,rdf):form>", "catalogue_file", routes.catalogue_file)
blueprint.add_url_rule("/data/<name>.zip", "data_set", routes.data_set)

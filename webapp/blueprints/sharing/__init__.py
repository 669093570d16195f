"""For other sites: pictures of profiles, Atom feeds of newcomers, oEmbed, and cards and a map to embed."""

from __future__ import annotations

from flask import Blueprint

from webapp.blueprints.sharing import embeds, feeds, pictures

blueprint = Blueprint("sharing", __name__, template_folder="templates")

blueprint.add_url_rule("/<lang>/card.png", "site_card", pictures.site_picture)
blueprint.add_url_rule("/<lang>/startups/<slug>/card.png", "startup_card", pictures.startup_picture)
blueprint.add_url_rule("/<lang>/partners/<slug>/card.png", "partner_card", pictures.partner_picture)
blueprint.add_url_rule("/<lang>/feeds/newcomers.atom", "newcomers", feeds.newcomers)
blueprint.add_url_rule("/oembed", "oembed", embeds.oembed)
blueprint.add_url_rule("/embed/<lang>/startups/<slug>", "startup_embed", embeds.startup)
blueprint.add_url_rule("/embed/<lang>/partners/<slug>", "partner_embed", embeds.partner)
blueprint.add_url_rule("/embed/<lang>/map", "map_embed", embeds.map_of_residents)

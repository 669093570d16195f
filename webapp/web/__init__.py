"""What the blueprints share: language of the request, access, assets, formats, error pages, paging.

No routes and no rules of the product live here.
"""

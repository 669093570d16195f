"""What the product does: verbs on the models, one module a subject. Nothing here knows about HTTP or forms."""

"""The pages, one package a subject: URL table, views, forms, templates. They never import one another."""

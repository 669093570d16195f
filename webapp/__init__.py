"""Multaqa: a public directory and matchmaking site for startup ecosystems."""

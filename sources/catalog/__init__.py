"""Organisations on a known platform, as data: one TOML file a region."""

"""Alembic's environment: env.py and one file a revision in versions/."""

"""Thin: read the question, ask the store, return."""

"""Packages of other tools inside a lesson: read strictly, and run outside of our origin (docs/decisions/0025)."""

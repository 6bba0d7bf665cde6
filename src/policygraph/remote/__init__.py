"""Stores elsewhere: the built graph is loaded into them and asked there."""

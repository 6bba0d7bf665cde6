"""Output: a built graph leaves here as files, one module per kind."""

"""What a Python user holds: a built graph, and what it gives out."""

"""The text half: bytes become restored text and reviewed statements. It knows no RDF."""

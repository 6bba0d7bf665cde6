"""The graph half: statements become quads, are checked, reasoned over and asked."""

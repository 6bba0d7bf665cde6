"""Many documents: each is built by itself, in one process or in several."""

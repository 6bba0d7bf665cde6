"""What an analyst asks of a graph: compare, cross-tabulate, measure as a network."""

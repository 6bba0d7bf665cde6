"""The graph as networks: projections as data files describe them, measures, paths, formats.

In: the store. Out: networkx graphs whose nodes and edges keep the statements and passages behind
them. The only room that imports networkx; it knows nothing of how a network is drawn.
"""

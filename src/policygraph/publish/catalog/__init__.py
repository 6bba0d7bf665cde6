"""What others need to find the graph and to know what is in it.

``dcat`` writes the record of a data catalogue, ``void`` the description of the graph: what is in
it, how often, what it is linked with, and the questions that can be asked of it. Both are Turtle
without blank nodes and without a clock.
"""

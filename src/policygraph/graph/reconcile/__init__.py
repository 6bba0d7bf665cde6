"""Reconciliation: names in a table in, the things they may mean out, with what speaks for each.

The logic of the Reconciliation Service API 0.2 (W3C Community Group report, 10 April 2023):
``catalogue`` knows types, properties and identifiers, ``asked`` reads batches, ``answers`` weighs
candidates, ``values`` gives what is said of things. Nothing here speaks HTTP.
"""

"""Search: words in, things and sentences out, the best first.

``words`` cuts texts into words that fold script, case and width; ``gather`` takes names, sentences
and facets out of the store; ``index`` lays them down in SQLite; ``find`` asks it.
"""

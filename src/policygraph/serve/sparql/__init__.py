"""SPARQL over HTTP: ``protocol`` reads questions, ``answers`` answers them in a worker."""

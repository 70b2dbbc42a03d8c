"""The small reader: a model of 23 MB that says how close sentences are to a question or a claim."""

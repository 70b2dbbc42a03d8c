"""Checks whether cited text supports a claim, by rules and, if wanted, with a model as judge.

`verify.py` is the way in: it checks every claim of an answer against the texts it cites. `rules.py` gives the
reasons to doubt one claim, without a model: its dates (`dates.py`), its numbers with scale and unit
(`quantities.py`, compared by `matching.py`, or calculated by `arithmetic/`),
its names (`names.py`), what it denies or affirms (`negation.py`), and, in `words/`, who did it and when, and
how much of it is there at all. `judge.py` asks a model.
"""

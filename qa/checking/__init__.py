"""Checks whether cited text supports a claim, by rules and, if wanted, with a model as judge.

`verify.py` is the way in: it checks every claim of an answer against the texts it cites. `rules.py` gives the
reasons to doubt one claim, without a model: its dates (`dates.py`), its numbers with scale and unit
(`quantities.py`, by the tables of `units.py`, compared by `matching.py`), its names (`names.py`), and what it
denies or affirms (`negation.py`). `judge.py` asks a model. The words are in `english.py`
and `index/text`.
"""

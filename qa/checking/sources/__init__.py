"""Sources against each other: who says the same, who copies whom, and where they disagree.

`statements.py` reads a sentence and what stands around it; `agreement.py` tells whether two say the same;
`independence.py` counts those that say it for themselves, by shared runs of words and by what
`attribution.py` finds credited; `disagreement.py` finds the one thing in which two that are parallel differ
(word by word: `replacements.py`);
`age.py` says how old the sources of an answer are.
"""

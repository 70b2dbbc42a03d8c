"""The columns of people's tables: which field each of them is, and what its cells say."""

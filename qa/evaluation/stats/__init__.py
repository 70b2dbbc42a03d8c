"""Statistics of figures over questions: intervals, differences, tests, agreement."""

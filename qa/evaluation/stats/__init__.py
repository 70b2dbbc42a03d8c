"""Statistics: confidence intervals, paired differences, significance tests, agreement."""

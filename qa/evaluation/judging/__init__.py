"""A model as judge of recorded answers, and its calibration against a person."""

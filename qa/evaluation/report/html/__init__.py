"""The page of `qa report`."""

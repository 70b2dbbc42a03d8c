"""Sets that were made for other tools, turned into rows of ours."""

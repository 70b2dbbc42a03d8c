"""Child processes that read one file each, within limits."""

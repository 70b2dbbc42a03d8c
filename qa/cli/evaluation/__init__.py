"""What `qa eval` does: runs, checks, writes and calibrates; its options, and what it reads."""

"""Whether an index is whole: checks, each of which gives a finding, and repairs of what they find."""

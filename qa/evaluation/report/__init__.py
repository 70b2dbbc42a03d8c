"""Reports of runs, comparisons, calibrations and audits, as text, XML and HTML."""

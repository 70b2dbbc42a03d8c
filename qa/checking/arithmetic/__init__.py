"""Numbers of a claim that are calculated from cited ones, found and shown as they were calculated."""

"""Commands about what is indexed: `qa index`, `qa sources`, `qa show`."""

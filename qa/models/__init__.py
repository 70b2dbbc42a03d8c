"""Language models: protocol, providers, prices, budgets."""

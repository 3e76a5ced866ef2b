"""The use-cases: opens transactions, applies the rules, calls mail and store."""

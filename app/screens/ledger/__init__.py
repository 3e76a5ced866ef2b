"""The sync ledger."""

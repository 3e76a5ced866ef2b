"""What sync and postman keep: states of folders, leases, waiting and refused changes, the ledger."""

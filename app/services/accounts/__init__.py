"""Mail accounts: set up, tried, listed, removed, and their secrets."""

"""Who works with the store, and the lists that a team keeps."""

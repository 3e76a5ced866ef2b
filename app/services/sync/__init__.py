"""Sync: brings the store in step with the servers, folder by folder, and carries waiting changes out to them."""

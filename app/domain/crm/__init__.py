"""What contacts, leads, tasks and opportunities have in common."""

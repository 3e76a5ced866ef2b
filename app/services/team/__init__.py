"""Who is at work here, and the lists that a team keeps."""

"""What mail is, and what may be done with it."""

"""The way back: every step remembers its own, and one verb takes the last one, whatever place it was in."""

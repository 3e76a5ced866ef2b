"""What a team keeps for itself: members, reasons, stages, campaigns."""

"""What the records mean: readings, index, uncertainty, changes, claims, agreement."""

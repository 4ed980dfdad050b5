"""The narrative in words."""

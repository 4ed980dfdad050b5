"""What the head of every page offers: search, chips, Share, what changed since the last visit."""

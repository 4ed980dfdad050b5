"""Where the data folder lives: a directory or a git remote, its queue, the last good version."""

"""The data over HTTP, and what every answer keeps to."""

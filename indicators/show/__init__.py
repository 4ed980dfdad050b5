"""How it is shown, in any medium: words, charts, tables and links."""

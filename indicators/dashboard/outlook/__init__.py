"""The page Outlook."""

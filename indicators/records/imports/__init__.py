"""Files that other programs wrote, imported: text, uploads, publishers' formats."""

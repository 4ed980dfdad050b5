"""Files that other programs wrote, taken in: text, uploads, publishers' formats."""

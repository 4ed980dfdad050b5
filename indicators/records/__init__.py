"""What is written: tables, their rules, and the ledger that reads and appends them."""

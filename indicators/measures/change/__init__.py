"""What moved a reading: the change ledger, moves, vintages."""

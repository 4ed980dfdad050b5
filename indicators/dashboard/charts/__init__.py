"""Charts of the pages, with what stands around them."""

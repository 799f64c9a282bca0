"""What a page needs, read in a constant number of queries."""

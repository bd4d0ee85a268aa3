"""What figures and dates say, as values: pure functions over strings."""

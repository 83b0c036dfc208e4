"""Text, one character at a time: where it comes from, its symbols, the task, and what simpler models reach."""

"""What is learned: one module a task, and one table that lists them. numpy only."""

"""The tasks of the literature on remembering: one module a task. numpy only."""

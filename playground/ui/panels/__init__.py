"""Panels: each shows one thing about a trace or a run, and owns no numbers."""

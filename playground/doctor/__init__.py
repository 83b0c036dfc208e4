"""Looks at this machine: what the program needs, what is missing, and the command that installs it."""

"""Sequence Playground: watch small recurrent networks learn, and see what they remember."""

__version__ = "0.1.0"

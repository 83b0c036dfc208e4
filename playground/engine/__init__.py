"""The networks, their training and their traces. torch lives here and nowhere else; no Qt, no threads."""

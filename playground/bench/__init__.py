"""Measurements of speed and of learning, run by `playground bench`."""

"""The tests mirror the packages; `tests/leaks.py` watches what they leave behind."""

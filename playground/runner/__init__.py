"""Runs the engine beside the window, or inside `poll()` for tests, pictures and the command line. No Qt."""

"""The window: PySide6 and pyqtgraph. It knows the Runner protocol, never torch and never the engine."""

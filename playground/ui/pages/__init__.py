"""The pages of the window: each composes panels and owns no numbers."""

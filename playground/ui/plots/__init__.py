"""The drawing parts that panels share: heat maps, lines, the time axis, the playhead."""

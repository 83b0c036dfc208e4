"""What happened in a network, in a form that the engine and the window both speak: numpy only."""

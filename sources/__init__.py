"""Where to look and how to read it; pure, never any I/O."""

"""What other sites show of us: a custom element, a frame, and what both are told."""

"""The weekly letter: composing it (pure), who gets it, and delivering it once."""

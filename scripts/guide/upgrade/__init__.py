"""A guide brought to a newer engine: its content, its pinned engine and the engine's own files."""

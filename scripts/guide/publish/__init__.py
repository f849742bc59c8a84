"""Publication: gates, a build of its own, one push, and the way back."""

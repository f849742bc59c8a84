"""Text, files, processes, git, dates and problems: what knows nothing of health."""

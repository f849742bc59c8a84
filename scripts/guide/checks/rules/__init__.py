"""One rule in each module: its name is the file's, its first paragraph the reason readers see."""

"""Prose taken out of Markdown and HTML, and its reading grade."""

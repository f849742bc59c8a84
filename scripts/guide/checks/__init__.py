"""Rules for the content, and checks of the finished pages."""

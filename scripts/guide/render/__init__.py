"""Components and pages, rendered with Jinja."""

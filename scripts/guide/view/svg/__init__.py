"""Figures drawn as inline SVG."""

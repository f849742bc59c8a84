"""Which records a figure shows."""

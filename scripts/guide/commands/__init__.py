"""What a person runs: one module for each verb."""

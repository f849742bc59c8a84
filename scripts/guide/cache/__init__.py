"""Results of earlier builds, found again while all they depend on is the same."""

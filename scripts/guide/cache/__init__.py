"""Results of earlier runs, found again as long as nothing that they were made of has changed."""

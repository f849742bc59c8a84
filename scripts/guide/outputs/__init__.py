"""What stands in the site besides its pages."""

"""Sources and pages as references, in the formats of reference managers."""

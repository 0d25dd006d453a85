"""What the rest of the academy may see of us."""

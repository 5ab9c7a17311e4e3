"""One desk for each department."""

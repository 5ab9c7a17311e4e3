"""The departments: one client per department's API, and a sandbox that answers like them."""

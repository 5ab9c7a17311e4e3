"""Custom actions: collect what a service needs and call the department."""

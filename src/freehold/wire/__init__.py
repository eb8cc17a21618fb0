"""HTTP on one side, (operation, request, response) on the other. It may not know any service's rules."""

"""Lists of repositories: filters, search, sorting and pages."""

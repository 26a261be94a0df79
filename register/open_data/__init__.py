"""The public list for programs: /api/v1, by the API design rules of the Dutch government."""

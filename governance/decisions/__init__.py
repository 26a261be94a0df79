"""The register of decisions and advices: record, find, follow."""

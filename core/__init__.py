"""Tools without knowledge of the domain: database, audit trail, forms, documents, mail, jobs."""

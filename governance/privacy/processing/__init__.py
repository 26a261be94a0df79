"""The register of processing activities (art. 30 GDPR)."""

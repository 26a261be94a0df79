"""The operator over time: completing what is unknown, logo, signatories."""

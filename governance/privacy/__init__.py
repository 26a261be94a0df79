"""What the GDPR asks: processing activities, retention, requests of people, data breaches, purposes of statistics."""

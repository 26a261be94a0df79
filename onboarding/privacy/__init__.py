"""What onboarding and billing hold about people, and how long."""

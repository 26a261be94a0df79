"""The bank accounts of the operator over time: proposed by one, approved by another, from a day to come."""

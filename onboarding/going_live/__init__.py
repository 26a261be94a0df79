"""Ready, activation, suspension and ending."""

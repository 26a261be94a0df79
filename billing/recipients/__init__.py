"""To whom mail about money goes."""

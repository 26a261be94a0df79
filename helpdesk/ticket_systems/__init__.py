"""The systems that requests for help are delivered to."""

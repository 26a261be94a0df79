"""The public roadmap: what the hub offers, and what is coming."""

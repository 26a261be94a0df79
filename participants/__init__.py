"""Who takes part, who may act for them, from when until when."""

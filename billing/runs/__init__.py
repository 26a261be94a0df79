"""Invoice runs: prepare, have approved, issue; resumable, and complete."""

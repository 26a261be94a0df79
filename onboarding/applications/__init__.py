"""From interest to a decided application."""

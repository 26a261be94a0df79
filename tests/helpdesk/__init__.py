"""Tests of requests for help and information meetings."""

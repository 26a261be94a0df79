"""Brings the tables of `core` into the metadata; packages do the same by importing their `models`."""

from core import approvals, audit, documents, jobs, limits, mail, submissions

__all__ = ["approvals", "audit", "documents", "jobs", "limits", "mail", "submissions"]

"""Consents where both streets meet: what somebody is asked about, the pages, and what follows from a decision."""

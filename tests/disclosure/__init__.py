"""Attacks on what disclosure control lets through, in code of their own."""

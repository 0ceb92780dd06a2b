"""Mutation testing of the definitions: which mutants are tried, and how many the tests noticed."""

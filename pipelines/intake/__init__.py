"""From a delivered file to typed, checked, pseudonymised microdata, rejected rows and a receipt.

Everything here is pure: a file is read, nothing is written. It knows only `schemas`.
"""

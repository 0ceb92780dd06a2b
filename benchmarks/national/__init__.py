"""The product beside a bare load, a plain pandas script and hand-written SQL, on the same files."""

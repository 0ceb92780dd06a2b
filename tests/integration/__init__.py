"""The whole way on real files: from a landing folder through `flk` to what is published."""

"""What must hold for every input: exact references, invariants, order, threads, engines."""

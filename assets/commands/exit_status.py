"""How a command ends: 0 done; 1 a step failed or a delivery was refused; 2 wrong use."""

DONE, FAILED, WRONG_USE = 0, 1, 2

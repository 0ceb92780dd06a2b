"""Confidence intervals of shares."""

import narwhals as nw

from schemas.codes import Z


def wilson_bounds(numerator: nw.Expr, denominator: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Lower and upper bound of the Wilson 95 % interval (z = 1.96) of numerator/denominator.

    (2x + z² ∓ z·√(z² + 4x(1 − x/n))) / (2(n + z²)), which is exactly 0 below where x is 0 and 1
    above where x is n. Missing where the numerator or denominator is missing.
    Source: contract, section 3, Coverage.
    """
    x = numerator.cast(nw.Float64)
    n = denominator.cast(nw.Float64)
    # Rounding alone could put the bounds of nothing and of everything beside 0 and 1.
    spread = (x * (n - x) / n * 4.0 + Z * Z).sqrt() * Z
    middle = x * 2.0 + Z * Z
    scale = (n + Z * Z) * 2.0
    low = (middle - spread) / scale
    high = (middle + spread) / scale
    everybody = nw.when(x == n).then(nw.lit(1.0)).otherwise(high.clip(upper_bound=1.0))
    return low.clip(lower_bound=0.0), everybody

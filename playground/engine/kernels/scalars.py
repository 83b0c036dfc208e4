"""tanh, sigmoid and exp of single numbers, quick because loops over them run in vectors; good to 3e-7.

NaN comes out as NaN: the comparisons are written so that it fails them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from playground.engine.kernels.compiled import part

f32 = np.float32

ZERO = f32(0.0)
ONE = f32(1.0)
HALF = f32(0.5)

# tanh x is x P(x²) / Q(x²) up to where it is 1 in float32: the minimax polynomials of the library Eigen.
_TANH_IS_ONE = f32(7.90531110763549805)
_P0, _P1, _P2, _P3 = (
    f32(4.89352455891786e-03),
    f32(6.37261928875436e-04),
    f32(1.48572235717979e-05),
    f32(5.12229709037114e-08),
)
_P4, _P5, _P6 = f32(-8.60467152213735e-11), f32(2.00018790482477e-13), f32(-2.76076847742355e-16)
_Q0, _Q1, _Q2, _Q3 = (
    f32(4.89352518554385e-03),
    f32(2.26843463243900e-03),
    f32(1.18534705686654e-04),
    f32(1.19825839466702e-06),
)

# exp x is 2^n exp r with n whole and |r| <= ln 2 / 2, exp r a polynomial: Cephes, expf.
_LOG2_E = f32(1.44269504088896341)
_LN_2_HIGH, _LN_2_LOW = f32(0.693359375), f32(-2.12194440e-4)
_E0, _E1, _E2 = f32(1.9875691500e-4), f32(1.3981999507e-3), f32(8.3334519073e-3)
_E3, _E4, _E5 = f32(4.1665795894e-2), f32(1.6666665459e-1), f32(5.0000001201e-1)
_EXP_IS_ZERO = f32(-87.0)
_MANTISSA_BITS, _EXPONENT_OF_ONE = np.int32(23), np.int32(127)


@intrinsic
def _bits_as_float(context, bits):  # type: ignore[no-untyped-def]
    """The float32 that these 32 bits are."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


_float_of_bits: Any = _bits_as_float


@part
def tanh(x: f32) -> f32:
    """(exp x - exp -x) / (exp x + exp -x)."""
    x = -_TANH_IS_ONE if x < -_TANH_IS_ONE else x
    x = _TANH_IS_ONE if x > _TANH_IS_ONE else x
    s = x * x
    p = ((((((_P6 * s + _P5) * s + _P4) * s + _P3) * s + _P2) * s + _P1) * s + _P0) * x
    q = ((_Q3 * s + _Q2) * s + _Q1) * s + _Q0
    return p / q


@part
def sigmoid(x: f32) -> f32:
    """1 / (1 + exp -x), which is (1 + tanh(x / 2)) / 2."""
    return HALF * tanh(HALF * x) + HALF


@part
def exp_of_negative(x: f32) -> f32:
    """exp x for x <= 0; below -87 as at -87, which is 1.6e-38."""
    x = _EXP_IS_ZERO if x < _EXP_IS_ZERO else x
    n = np.floor(x * _LOG2_E + HALF)
    r = x - n * _LN_2_HIGH - n * _LN_2_LOW
    polynomial = ((((_E0 * r + _E1) * r + _E2) * r + _E3) * r + _E4) * r + _E5
    power = _float_of_bits(np.int32((np.int32(n) + _EXPONENT_OF_ONE) << _MANTISSA_BITS))
    return (polynomial * r * r + r + ONE) * power

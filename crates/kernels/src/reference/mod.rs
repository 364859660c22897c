//! The naive twin of every kernel: the formula as one would write it down, generic over f32 and f64.
//!
//! Tests compare each kernel with its twin; gradient checks run on the twins in f64, where central differences are
//! sharp. Nothing here is fast, and nothing but tests should call it.

#![expect(clippy::needless_range_loop, reason = "formulas are written with their indices")]

mod activations;
mod attention;
mod layers;
mod losses;
mod matrix;
mod moves;
mod normalization;
mod optimizers;
mod recurrent;
mod weights;
mod windows;

pub use activations::*;
pub use attention::*;
pub use layers::*;
pub use losses::*;
pub use matrix::*;
pub use moves::*;
pub use normalization::*;
pub use optimizers::*;
pub use recurrent::*;
pub use weights::*;
pub use windows::*;

use std::fmt::Debug;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// f32 or f64.
pub trait Real:
    Copy
    + Debug
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + Sum
{
    /// The nearest value of this type.
    fn of(value: f64) -> Self;
    /// As f64, exactly.
    fn wide(self) -> f64;
    /// `e^self`.
    fn exp(self) -> Self {
        Self::of(libm::exp(self.wide()))
    }
    /// `e^self - 1`.
    fn exp_m1(self) -> Self {
        Self::of(libm::expm1(self.wide()))
    }
    /// Natural logarithm.
    fn ln(self) -> Self {
        Self::of(libm::log(self.wide()))
    }
    /// `ln(1 + self)`.
    fn ln_1p(self) -> Self {
        Self::of(libm::log1p(self.wide()))
    }
    /// Hyperbolic tangent.
    fn tanh(self) -> Self {
        Self::of(libm::tanh(self.wide()))
    }
    /// The error function.
    fn erf(self) -> Self {
        Self::of(libm::erf(self.wide()))
    }
    /// Square root.
    fn sqrt(self) -> Self {
        Self::of(self.wide().sqrt())
    }
    /// Absolute value.
    fn abs(self) -> Self {
        Self::of(self.wide().abs())
    }
    /// The larger of two numbers.
    fn max(self, other: Self) -> Self {
        if other > self { other } else { self }
    }
    /// -1, 0 or 1.
    fn sign(self) -> Self {
        let zero = Self::of(0.0);
        Self::of(f64::from(i8::from(self > zero) - i8::from(self < zero)))
    }
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }
    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn wide(self) -> f64 {
        self
    }
}

//! f32 arithmetic on slices. No shapes beyond dimensions, no serialisation, no JavaScript.
//!
//! Every kernel takes slices and dimensions, writes into what the caller gives it and allocates nothing. Matrices are
//! row-major `(rows, cols)`. Kernels do not start threads: the caller cuts the work ([`par`]), and every output element
//! is one sum in one fixed order, so that the bits are the same however it was cut.
//!
//! Slices of wrong length are mistakes of the caller and panic; plans made by `tabgrad-core` cannot make them.

pub mod activation;
pub mod attention;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
pub mod constraint;
pub mod convolution;
pub mod depthwise;
pub mod dropout;
pub mod elementwise;
pub mod embedding;
pub mod enlarge;
pub mod gather;
pub mod gemm;
pub mod lanes;
pub mod loss;
pub mod masking;
pub mod math;
pub mod noise;
pub mod norm;
pub mod optimizer;
pub mod orthogonal;
pub mod par;
pub mod pooling;
pub mod prelu;
pub mod rearrange;
pub mod recurrent;
pub mod reduce;
pub mod reference;
pub mod rng;
pub mod row_norm;
pub mod rowwise;
pub mod softmax;
pub mod unit;
pub mod window;

//! f32 arithmetic on slices. No shapes beyond dimensions, no serialisation, no JavaScript.

pub mod rng;

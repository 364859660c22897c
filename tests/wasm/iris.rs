//! One run of Iris that every build must make to the same bits, natively and in browsers; read by `crates/session` too.
#![allow(dead_code)]

pub const LOAD: &str = r#"{ "type": "load_builtin", "name": "iris", "options": { "seed": 1 } }"#;

/// Wide enough that the work is shared between threads.
pub const CONFIGURE: &str = r#"{
    "type": "configure",
    "model": { "version": 1, "layers": [
        { "type": "dense", "units": 64, "activation": "relu" },
        { "type": "dense", "units": 64, "activation": "tanh" },
        { "type": "dense", "units": 3, "activation": "softmax" }
    ] },
    "training": {
        "loss": "sparse_categorical_crossentropy",
        "optimizer": { "type": "adam", "learning_rate": 0.005 },
        "metrics": ["accuracy"], "batch_size": 64, "epochs": 60, "shuffle": true, "seed": 5
    },
    "split": { "validation": 0.1, "test": 0.2, "seed": 3 }
}"#;

/// What [`hash`] gives for the weights at the end. A change of a kernel's order of sums, of an initializer or of the
/// generator changes it: then it is written anew, on purpose.
pub const BITS: u64 = 16_201_597_020_985_727_190;

/// FNV-1a of the bits of all weights.
pub fn hash(weights: &[f32]) -> u64 {
    let bytes = weights.iter().flat_map(|weight| weight.to_bits().to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

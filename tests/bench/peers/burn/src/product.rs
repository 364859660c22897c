//! Products of two matrices, in the three forms that training needs.

use burn::tensor::{Device, Distribution, Tensor};
use wasm_bindgen::prelude::*;

/// Two matrices whose product is made again and again.
#[wasm_bindgen]
pub struct Product {
    a: Tensor<2>,
    b: Tensor<2>,
}

#[wasm_bindgen]
impl Product {
    /// `(m, k) x (k, n)`; with `nt` the second, with `tn` the first lies transposed.
    #[wasm_bindgen(constructor)]
    pub fn new(form: &str, m: usize, n: usize, k: usize) -> Product {
        let device = Device::flex();
        let noise = |rows, cols| Tensor::<2>::random([rows, cols], Distribution::Uniform(-0.5, 0.5), &device);
        let (a, b) = match form {
            "nt" => (noise(m, k), noise(n, k).transpose()),
            "tn" => (noise(k, m).transpose(), noise(k, n)),
            _ => (noise(m, k), noise(k, n)),
        };
        Self { a, b }
    }

    /// Makes it; gives its first value.
    pub fn run(&self) -> f32 {
        self.a.clone().matmul(self.b.clone()).slice([0..1, 0..1]).into_scalar::<f32>()
    }
}

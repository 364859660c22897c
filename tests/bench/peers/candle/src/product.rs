//! Products of two matrices, in the three forms that training needs.

use candle_core::{Device, Result, Tensor};
use wasm_bindgen::prelude::*;

/// Two matrices whose product is made again and again.
#[wasm_bindgen]
pub struct Product {
    a: Tensor,
    b: Tensor,
}

#[wasm_bindgen]
impl Product {
    /// `(m, k) x (k, n)`; with `nt` the second, with `tn` the first lies transposed.
    #[wasm_bindgen(constructor)]
    pub fn new(form: &str, m: usize, n: usize, k: usize) -> std::result::Result<Product, JsError> {
        Ok(Self::build(form, m, n, k)?)
    }

    /// Makes it; gives its first value.
    pub fn run(&self) -> std::result::Result<f32, JsError> {
        Ok(self.a.matmul(&self.b)?.get(0)?.get(0)?.to_scalar()?)
    }
}

impl Product {
    fn build(form: &str, m: usize, n: usize, k: usize) -> Result<Self> {
        let noise = |rows, cols| Tensor::rand(-0.5f32, 0.5, (rows, cols), &Device::Cpu);
        let (a, b) = match form {
            "nt" => (noise(m, k)?, noise(n, k)?.t()?),
            "tn" => (noise(k, m)?.t()?, noise(k, n)?),
            _ => (noise(m, k)?, noise(k, n)?),
        };
        Ok(Self { a, b })
    }
}

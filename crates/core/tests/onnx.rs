//! ONNX' published node tests, run in this engine: `tests/onnx/cases.json` has each as a small model with its weights, its
//! rows, and what ONNX says comes out. Which tests have no counterpart here, and why, is in `tests/onnx/left_out.txt`.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::{ArrayView2, s};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tabgrad_core::{Io, Model, ModelSpec, Pool, Rows, Target, TrainingSpec};

/// Of the largest number of the output; ONNX' own tests allow 1e-3 of each number. Cases in half precision say what they need.
const TOLERANCE: f32 = 2e-5;

fn read(name: &str) -> String {
    let path = format!("{}/../../tests/onnx/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Numbers in base64, or an identity.
fn floats(value: &Value) -> Vec<f32> {
    if let Some(size) = value["identity"].as_u64().map(|size| size as usize) {
        let factor = value["factor"].as_f64().unwrap() as f32;
        return (0..size * size).map(|at| if at % (size + 1) == 0 { factor } else { 0.0 }).collect();
    }
    let bytes = STANDARD.decode(value.as_str().unwrap()).unwrap();
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

/// A model of the case's layers with the case's weights.
fn compile(case: &Value, outputs: usize) -> Result<Model, String> {
    let spec = ModelSpec::parse(&json!({ "version": 1, "layers": case["layers"] }));
    let spec = spec.map_err(|error| error.to_string())?;
    let given = |name: &str, usual: Value| if case[name].is_null() { usual } else { case[name].clone() };
    let training = json!({
        "loss": given("loss", json!("mean_squared_error")),
        "optimizer": given("optimizer", json!("sgd")),
    });
    let training = TrainingSpec::parse(&training).map_err(|error| error.to_string())?;
    let input = serde_json::from_value(case["input"].clone()).unwrap();
    let target = serde_json::from_value::<Target>(given("target", json!({ "values": outputs }))).unwrap();
    let io = Io::single(input, target);
    let mut model =
        Model::compile(&spec, &training, &io, Pool::single()).map_err(|error| error.to_string())?;
    let mut state = model.state();
    for (name, values) in case["weights"].as_object().unwrap() {
        let tensor = state.tensors.iter_mut().find(|tensor| tensor.name == *name);
        let tensor = tensor.ok_or_else(|| format!("there is no tensor {name}"))?;
        let values = floats(values);
        if values.len() != tensor.values.len() {
            return Err(format!("{name}: {} values for {}", values.len(), tensor.values.len()));
        }
        tensor.values = values;
    }
    model.restore(&state).map_err(|error| error.to_string())?;
    Ok(model)
}

/// What comes out: predictions, the loss where the case has one, the weights after a step where it has an optimizer.
fn run(case: &Value) -> Result<(Vec<f32>, Vec<f32>), String> {
    let rows = case["rows"].as_u64().unwrap() as usize;
    let expected = floats(&case["output"]);
    let mut model = compile(case, expected.len() / rows)?;
    let x = floats(&case["x"]);
    let x = ArrayView2::from_shape((rows, x.len() / rows), &x).unwrap();
    if case["loss"].is_null() {
        let found = model.predict(x).map_err(|error| error.to_string())?;
        return Ok((expected, found.into_iter().collect()));
    }
    let y = floats(&case["y"]);
    let y = ArrayView2::from_shape((rows, y.len() / rows), &y).unwrap();
    if case["optimizer"].is_null() {
        let weights =
            if case["sample_weight"].is_null() { vec![1.0; rows] } else { floats(&case["sample_weight"]) };
        // One loss for all rows, or one for each.
        let each = if case["each"] == true { 1 } else { rows };
        let mut found = Vec::new();
        for first in (0..rows).step_by(each) {
            let of = s![first..first + each, ..];
            let part = Rows::new(x.slice(of), y.slice(of)).weighted((&weights[first..first + each]).into());
            let scores = model.evaluate(&part).map_err(|error| error.to_string())?;
            found.push(scores.unwrap().loss);
        }
        return Ok((expected, found));
    }
    model.train(&Rows::new(x, y), 1).map_err(|error| error.to_string())?;
    Ok((expected, model.tensor("dense/kernel").unwrap().iter().copied().collect()))
}

/// How far what comes out is from what ONNX says, of the largest number; or what else is wrong.
fn off(case: &Value) -> Result<f32, String> {
    let (expected, found) = run(case)?;
    assert!(!expected.is_empty(), "{} compares nothing", case["name"]);
    if expected.len() != found.len() {
        return Err(format!("{} of {} numbers", found.len(), expected.len()));
    }
    let largest = expected.iter().fold(1.0f32, |largest, value| largest.max(value.abs()));
    let off = expected.iter().zip(&found).map(|(a, b)| (a - b).abs() / largest);
    let off = off.fold(0.0f32, |most, off| if off > most || off.is_nan() { off } else { most });
    // Further outputs of the same test.
    if case["also"].is_null() { Ok(off) } else { Ok(off.max(self::off(&case["also"])?)) }
}

#[test]
fn onnx_node_tests() {
    let cases: Vec<Value> = serde_json::from_str(&read("cases.json")).unwrap();
    let mut by_operator: BTreeMap<String, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        match off(case) {
            Err(error) => wrong.push(format!("{name}: {error}")),
            Ok(off) if off <= case["tolerance"].as_f64().map_or(TOLERANCE, |wider| wider as f32) => {
                *by_operator.entry(case["operator"].as_str().unwrap().to_owned()).or_default() += 1;
            }
            Ok(off) => wrong.push(format!("{name}: off by {off:.1e}")),
        }
    }
    let left_out: usize = read("left_out.txt")
        .lines()
        .map(|line| line.split_once(' ').unwrap().0.parse::<usize>().unwrap())
        .sum();
    let operators: Vec<String> = by_operator.iter().map(|(name, count)| format!("{name} {count}")).collect();
    println!("of ONNX: {}", operators.join(", "));
    println!("onnx {} passed, {left_out} left out", cases.len() - wrong.len());
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

//! Schedules of the learning rate, step by step.

use serde::Deserialize;
use serde_json::{Value, json};
use tabgrad_core::TrainingSpec;

use crate::compare::{Comparison, PER_OP};
use crate::golden;

/// The rates of the first steps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rates {
    name: String,
    schedule: Value,
    rates: Vec<f32>,
}

#[test]
fn every_schedule_gives_the_rates_of_keras() {
    let mut comparison = Comparison::default();
    let texts = golden::texts("rates");
    for text in &texts {
        let rates: Rates = serde_json::from_str(text).expect("a golden is JSON");
        let training = json!({"loss": "mse", "optimizer": {"type": "sgd", "learning_rate": rates.schedule}});
        let training =
            TrainingSpec::parse(&training).unwrap_or_else(|error| panic!("{}: {error}", rates.name));
        let schedule = training.optimizer.learning_rate();
        let found: Vec<f32> = (0..rates.rates.len() as u64).map(|step| schedule.at(step) as f32).collect();
        comparison.case(&rates.name);
        comparison.values("rates", &rates.rates, &found, PER_OP);
    }
    comparison.finish("rates", texts.len());
}

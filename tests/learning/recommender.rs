//! A two-tower recommender: how much a user likes an item is the product of their vectors. Ratings are planted so, with noise that
//! nobody can foretell: the best there is has an error of that noise, and 1.1 times as much is wanted.

use super::{Case, Data, Dice, Wanted, split};
use ndarray::Array2;
use serde_json::json;
use tabgrad_core::Target;

const USERS: usize = 100;
const ITEMS: usize = 80;
const RANK: usize = 3;
/// The standard deviation of the noise.
const NOISE: f64 = 0.3;

/// Users, items, and what each user said of each item.
pub fn recommender() -> Case {
    let mut dice = Dice::new(7);
    let mut vectors = |count: usize| Array2::from_shape_simple_fn((count, RANK), || dice.normal());
    let (users, items) = (vectors(USERS), vectors(ITEMS));
    let likes = users.dot(&items.t());
    let pair = |row: usize| (row / ITEMS, row % ITEMS);
    let count = USERS * ITEMS;
    let x = Array2::from_shape_fn((count, 2), |(row, side)| {
        let (user, item) = pair(row);
        if side == 0 { user as f32 } else { item as f32 }
    });
    let y = Array2::from_shape_fn((count, 1), |(row, _)| (likes[pair(row)] + NOISE * dice.normal()) as f32);
    let (train, test) = split(&Data { x, y }, 0.8, &mut dice);
    let tower = |of: &str, count: usize| {
        json!({"type": "embedding", "name": format!("{of}_vector"), "inputs": [of], "input_dim": count,
            "output_dim": RANK, "embeddings_initializer": {"type": "random_normal", "stddev": 0.5}})
    };
    let layers = json!([
        {"type": "input", "name": "user", "shape": [1]},
        {"type": "input", "name": "item", "shape": [1]},
        tower("user", USERS), {"type": "flatten", "name": "who"},
        tower("item", ITEMS), {"type": "flatten", "name": "what"},
        {"type": "dot", "axes": 1, "inputs": ["who", "what"]}]);
    Case {
        layers,
        loss: json!("mse"),
        optimizer: json!({"type": "adam"}),
        learning_rate: 0.03,
        batch_size: 64,
        epochs: 30,
        target: Target::Values(1),
        train,
        test,
        wanted: Wanted::LossBelow((1.1 * NOISE * NOISE) as f32),
    }
}

//! Gradients of whole models against central differences of the loss, for every layer, activation, loss and regularizer
//! of the registry: what has no entry in the tables here fails.
#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

#[path = "../common/mod.rs"]
mod common;

mod activations;
mod check;
mod layers;
mod losses;
mod regularizers;

/// The page `proof.html` makes the same checks in a browser: it reads them from a file, which must be these.
/// `TABGRAD_UPDATE=1 cargo test -p tabgrad-core --test gradients` writes it anew.
#[test]
fn the_page_checks_the_same() {
    let families = serde_json::json!({
        "layers": check::listed(layers::every_layer),
        "activations": check::listed(activations::every_activation_inside_and_at_the_end),
        "losses": check::listed(losses::every_loss),
        "regularizers": check::listed(regularizers::every_regularizer_on_weights_and_on_activity),
    });
    // One case a line, so that a change is seen as one.
    let text = families.to_string().replace("},{\"layers\":", "},\n{\"layers\":") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/goldens/gradients.json");
    if std::env::var_os("TABGRAD_UPDATE").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == text, "tests/goldens/gradients.json is out of date: TABGRAD_UPDATE=1 writes it anew");
}

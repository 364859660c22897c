//! File formats. Knows the specification and state of a model, nothing of training.

//! The user's data. Knows nothing of models.

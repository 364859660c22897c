//! The networks: specification -> plan -> step.

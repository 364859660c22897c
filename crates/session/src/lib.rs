//! The trainer as a state machine: commands in, events out; no JavaScript, no clock, no ambient randomness.

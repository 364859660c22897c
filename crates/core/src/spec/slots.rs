//! The arguments of activations: numbers in fixed places, and not fields of a struct each, since every layer has an
//! activation and few of those are given one.

use super::argument::{ArgumentType, Limits};
use super::describe::{Argument, choices};
use serde_json::Value;

/// What stands for true among numbers.
pub(super) const TRUE: f64 = 1.0;

choices! {
    /// What the arguments are called. Those that share a name in JSON mean something of their own.
    SlotName, "choice", "an argument" {
        /// What values below zero are multiplied with.
        NegativeSlope = "negative_slope", "Slope below zero";
        /// No more than this comes out.
        MaxValue = "max_value", "Largest value";
        /// Values below it count as negative.
        ReluThreshold = "threshold", "Threshold";
        /// How far below zero the curve goes: to minus this.
        Alpha = "alpha", "Alpha";
        /// A formula with tanh instead of the exact one.
        Approximate = "approximate", "Approximate";
        /// How wide the bend at zero is.
        B = "b", "B";
        /// What is nearer to zero than this becomes zero.
        ShrinkThreshold = "threshold", "Threshold";
        /// Only values above it come out as they are.
        Threshold = "threshold", "Threshold";
        /// What comes out instead of the others.
        DefaultValue = "default_value", "Default value";
        /// The axis that the values of one row lie along; -1 is the last.
        Axis = "axis", "Axis";
    }
}

/// An argument of an activation.
pub(super) struct Slot {
    name: SlotName,
    /// Infinity stands for none.
    pub default: f64,
    pub limits: &'static Limits,
}

pub(super) const fn slot(name: SlotName, default: f64, limits: &'static Limits) -> Slot {
    Slot { name, default, limits }
}

impl Slot {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        self.name.name()
    }

    /// Whether it is true or false rather than a number.
    pub fn is_switch(&self) -> bool {
        self.name == SlotName::Approximate
    }

    pub fn is_axis(&self) -> bool {
        self.name == SlotName::Axis
    }

    /// A value as it stands in JSON.
    pub fn written(&self, value: f64) -> Value {
        if self.is_switch() {
            (value == TRUE).into()
        } else if self.is_axis() {
            (value as i32).into()
        } else {
            value.into()
        }
    }

    /// Its type in the schema.
    fn kind(&self) -> &'static str {
        if self.is_switch() {
            bool::KIND
        } else if self.is_axis() {
            usize::KIND
        } else {
            f64::KIND
        }
    }

    /// Its entry in the schema.
    pub fn argument(&self) -> Argument {
        let said = SlotName::all_choices()[self.name as usize];
        let &Limits { min, max, logarithmic, common, .. } = self.limits;
        Argument {
            name: said.r#type,
            label: said.label,
            doc: said.doc,
            kind: self.kind(),
            default: if self.default.is_finite() { self.written(self.default) } else { Value::Null },
            min,
            max,
            logarithmic,
            choices: Vec::new(),
            common,
        }
    }
}

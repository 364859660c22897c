//! What is wrong with a value, and where.

use serde_json::Value;
use std::fmt;

/// A value that is not what it should be. Displayed as `rows[2].name: expected a string, found null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake(Box<Said>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    path: String,
    what: String,
}

impl Mistake {
    /// With a sentence of one's own.
    pub fn new(what: impl Into<String>) -> Self {
        Self(Box::new(Said { path: String::new(), what: what.into() }))
    }

    /// Something else should stand there.
    pub fn expected(expected: &str, found: &Value) -> Self {
        let found = match found {
            Value::Array(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            other => crate::text(other),
        };
        Self::new(["expected ", expected, ", found ", &found].concat())
    }

    /// The same mistake, seen from the object whose field `name` holds it.
    pub fn in_field(self, name: &str) -> Self {
        self.within(name.to_owned())
    }

    /// The same mistake, seen from the list whose item `index` holds it.
    pub fn in_item(self, index: usize) -> Self {
        self.within(format!("[{index}]"))
    }

    fn within(mut self, mut path: String) -> Self {
        if !self.0.path.is_empty() && !self.0.path.starts_with('[') {
            path.push('.');
        }
        path.push_str(&self.0.path);
        self.0.path = path;
        self
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.path.is_empty() {
            f.write_str(&self.0.path)?;
            f.write_str(": ")?;
        }
        f.write_str(&self.0.what)
    }
}

impl std::error::Error for Mistake {}

//! Reading JSON objects by name, with the path of everything that is wrong. What is left over at the end is unknown.

use super::argument::{ArgumentType, Limits};
use super::describe::Described;
use crate::error::{Code, Error, nearest};
use serde_json::{Map, Value};

/// An object being read: every name that is asked for becomes a known one.
pub(crate) struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Opens `value`, which must be an object; `what` says of what ("a layer").
    pub fn open(value: &'a Value, path: &str, what: &str) -> Result<Self, Error> {
        match value {
            Value::Object(map) => Ok(Self { map, path: path.into(), known: Vec::new() }),
            other => Err(wrong_type(path, &format!("{what} as an object"), other)),
        }
    }

    /// The path of the field `name` of this object.
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.into() } else { format!("{}.{name}", self.path) }
    }

    /// Whether somebody asked for `name`.
    pub fn is_known(&self, name: &str) -> bool {
        self.known.contains(&name)
    }

    /// The raw value of `name`, if it is there and not null.
    pub fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// The raw value of `name`, which must be there; `expected` says what it should be.
    pub fn require(&mut self, name: &'static str, expected: &str) -> Result<&'a Value, Error> {
        self.get(name).ok_or_else(|| self.missing(name, expected))
    }

    /// The argument `name`, or `default` when it is absent and need not be there. An explicit `null` is read by the
    /// argument's own type, which may or may not allow it.
    pub fn argument<T: ArgumentType>(
        &mut self,
        name: &'static str,
        default: T,
        limits: &Limits,
    ) -> Result<T, Error> {
        self.known.push(name);
        match self.map.get(name) {
            Some(value) => T::read(value, &self.path(name), limits),
            None if limits.required => Err(self.missing(name, T::expected(limits))),
            None => Ok(default),
        }
    }

    /// All arguments of `described`: those that are there replace its defaults.
    pub fn arguments(&mut self, described: &mut dyn Described) -> Result<(), Error> {
        let said = described.description();
        for (argument, said) in described.arguments_mut().into_iter().zip(said.arguments) {
            let (name, limits) = (said.name(), said.limits);
            self.known.push(name);
            match self.map.get(name) {
                Some(value) => argument.take(value, &self.path(name), limits)?,
                None if limits.required => return Err(self.missing(name, argument.wanted(limits))),
                None => {}
            }
        }
        Ok(())
    }

    /// That `name` is not there; if something that nobody asked for is like it, that was meant.
    #[cold]
    fn missing(&self, name: &str, expected: impl Into<String>) -> Error {
        let error = Error::new(Code::MissingArgument, self.path(name), expected, "nothing");
        let others = self.map.keys().filter(|it| !self.known.contains(&it.as_str()));
        let others: Vec<&str> = others.map(String::as_str).collect();
        match nearest(name, &others) {
            Some(meant) => error.hint(format!("did you mean it by {meant:?}?")),
            None => error,
        }
    }

    /// The string that every object of several kinds carries as `type`.
    pub fn type_name(&mut self, what: &str, known: &[&str]) -> Result<&'a str, Error> {
        match self.require("type", &format!("{what}, one of: {}", known.join(", ")))? {
            Value::String(name) => Ok(name),
            other => Err(wrong_type(&self.path("type"), "a string", other)),
        }
    }

    /// Refuses whatever nobody asked for.
    pub fn finish(self) -> Result<(), Error> {
        match self.map.keys().find(|name| !self.known.contains(&name.as_str())) {
            Some(name) => Err(Error::unknown(self.path(name), "an argument", name, &self.known)),
            None => Ok(()),
        }
    }
}

/// `{"type": name}`, which a name alone stands for.
pub(crate) fn named(name: &Value) -> Value {
    Value::Object(Map::from_iter([("type".to_owned(), name.clone())]))
}

/// The error for a value that is not of the expected type.
pub(crate) fn wrong_type(path: &str, expected: &str, found: &Value) -> Error {
    Error::new(Code::WrongType, path, expected, shown(found))
}

/// A value as an error message shows it: short.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(_) => "an object".into(),
        Value::Null => "null".into(),
        other => {
            let text = tabgrad_json::text(other);
            if text.chars().count() <= 60 { text } else { text.chars().take(60).chain(['…']).collect() }
        }
    }
}

//! The sentences that layers, arguments, choices ... are explained with. Each is written beside what it explains; here is
//! where they are kept until somebody asks.
//!
//! A native program has them in its constants. In WebAssembly they would be a tenth of what a visitor waits for before the
//! first training, which needs none: there they are a custom section of the module, `sentences`, which is not loaded into
//! its memory and which `cargo xtask build` puts into the half that comes later. Who has the section gives it back
//! ([`explain`]); until then every sentence is empty.
//!
//! ```text
//! (an empty line)
//! tabgrad_core::spec::layers::core       module of the definition
//! dense                                  its name there
//! Every input is connected ...           its own sentence, then those of its arguments; of `choices!`: of each choice
//! How many outputs the layer has.
//! ```

use std::str::Split;
use std::sync::OnceLock;

/// The section, once somebody has given it back.
static GIVEN: OnceLock<&'static str> = OnceLock::new();

/// Takes the text of the custom section; from then on the schema has its sentences. Native programs have them anyway.
pub fn explain(section: String) {
    GIVEN.get_or_init(|| section.leak());
}

/// What one definition is explained with: a record as above, or nothing where those are in the section.
#[derive(Clone, Copy)]
pub(crate) struct Sentences(pub &'static str);

impl Sentences {
    /// In order, for a definition of that name in that module.
    pub fn of(self, module: &str, name: &str) -> Lines {
        #[cfg(test)]
        tests::note(self.0, module, name);
        let record = if self.0.is_empty() { given(module, name) } else { self.0 };
        Lines(record.split('\n').skip(HEAD))
    }
}

/// Lines of a record before its sentences: an empty one, module, name.
const HEAD: usize = 3;

/// Sentences one by one; those that there are not are empty.
pub(crate) struct Lines(std::iter::Skip<Split<'static, char>>);

impl Lines {
    /// The next one.
    pub fn take(&mut self) -> &'static str {
        self.0.next().unwrap_or_default().trim_ascii()
    }
}

fn given(module: &str, name: &str) -> &'static str {
    GIVEN.get().map_or("", |section| record(section, module, name))
}

/// The record of a definition. No sentence is a line that a module's name would be: doc comments begin with a space.
fn record<'a>(section: &'a str, module: &str, name: &str) -> &'a str {
    let Some(start) = section.find(&format!("\n{module}\n{name}\n")) else { return "" };
    let record = &section[start..];
    record.find("\n\n").map_or(record, |end| &record[..end])
}

/// Bytes of a text, as a static of the custom section must be.
#[allow(dead_code, reason = "natively there is no section, and no code names the statics that are in it")]
pub(crate) const fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let (mut bytes, mut at) = ([0; N], 0);
    while at < N {
        bytes[at] = text.as_bytes()[at];
        at += 1;
    }
    bytes
}

/// [`Sentences`] of the definition `name` in the module where this stands.
macro_rules! sentences {
    ($name:expr; $($sentence:expr),+ $(,)?) => {{
        const RECORD: &str = concat!("\n", module_path!(), "\n", $name, "\n" $(, $sentence, "\n")+);
        // SAFETY: in WebAssembly this section is a custom one: bytes, none of which is ever run.
        #[cfg(target_arch = "wasm32")]
        #[unsafe(link_section = "sentences")]
        static _KEPT: [u8; RECORD.len()] = $crate::spec::sentences::bytes(RECORD);
        $crate::spec::sentences::Sentences(if cfg!(target_arch = "wasm32") { "" } else { RECORD })
    }};
}
pub(crate) use sentences;

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    type Asked = BTreeMap<(String, String), &'static str>;

    thread_local! {
        /// What was asked for on this thread: module and name, and the record that a native program has there.
        static ASKED: RefCell<Asked> = RefCell::default();
    }

    pub fn note(record: &'static str, module: &str, name: &str) {
        let before = ASKED.with_borrow_mut(|asked| asked.insert((module.into(), name.into()), record));
        assert!(before.is_none_or(|before| before == record), "two definitions {name} in {module}");
    }

    #[test]
    fn a_section_of_all_records_has_each_of_them_under_its_name() {
        crate::schema();
        let asked = ASKED.take();
        assert!(asked.len() > 150, "{}", asked.len());
        let section: &'static str = asked.values().copied().collect::<String>().leak();
        for ((module, name), whole) in &asked {
            let found = record(section, module, name);
            assert_eq!(found.trim_end(), whole.trim_end(), "{module} {name}");
            let mut lines = Lines(found.split('\n').skip(HEAD));
            let count = whole.lines().count() - HEAD;
            assert!((0..count).all(|_| !lines.take().is_empty()), "{module} {name}");
            assert_eq!(lines.take(), "", "nothing of the next record");
        }
        assert_eq!(record(section, "tabgrad_core::spec::layers::core", "dens"), "");
        assert_eq!(record("", "tabgrad_core::spec::layers::core", "dense"), "");
    }

    #[test]
    fn bytes_are_those_of_the_text() {
        assert_eq!(&bytes::<7>("a · b.\n")[..], &"a · b.\n".as_bytes()[..7]);
    }
}

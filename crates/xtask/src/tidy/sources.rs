//! The sources the rules look at: every file that git keeps or would keep.

use crate::{folders, process};

/// One file.
pub struct Source {
    /// From the top of the repository, with slashes.
    pub path: String,
    /// `None`: it is no text.
    pub text: Option<String>,
}

/// All of them.
pub struct Sources(pub Vec<Source>);

impl Sources {
    /// Reads what git lists: tracked files, and new ones that are not ignored.
    pub fn read() -> Self {
        let mut git = process::command("git");
        let list = process::answer(git.args(["ls-files", "--cached", "--others", "--exclude-standard"]))
            .unwrap_or_default();
        let files = list.lines().filter(|path| folders::root().join(path).is_file()).map(|path| Source {
            path: path.to_string(),
            text: std::fs::read(folders::root().join(path))
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok()),
        });
        Self(files.collect())
    }

    /// Sources of these paths and texts.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| Source { path: path.to_string(), text: Some(text.to_string()) })
                .collect(),
        )
    }

    /// Texts whose name ends in one of these.
    pub fn ending<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter(|file| endings.iter().any(|ending| file.path.ends_with(ending)))
            .filter_map(|file| Some((file.path.as_str(), file.text.as_deref()?)))
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|file| file.path == path)?.text.as_deref()
    }
}

/// The code of a line of Rust or TypeScript: without its comment and without the contents of its strings.
pub fn code(line: &str) -> String {
    let mut code = String::new();
    let mut characters = line.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' if quoted => {
                characters.next();
            }
            '"' => {
                quoted = !quoted;
                code.push('"');
            }
            '/' if !quoted && characters.peek() == Some(&'/') => break,
            _ if quoted => {}
            _ => code.push(character),
        }
    }
    code
}

/// Whether `word` stands in `code` by itself, not as a part of a longer name.
pub fn has_word(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let name = |character: Option<char>| {
            character.is_some_and(|character| character.is_alphanumeric() || character == '_')
        };
        !name(code[..at].chars().next_back()) && !name(code[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        assert_eq!(code(r#"let a = "unsafe // \" rayon"; // rayon"#), r#"let a = ""; "#);
        assert_eq!(code("/// rayon"), "");
    }

    #[test]
    fn words_are_whole() {
        assert!(has_word("use rayon::join", "rayon"));
        assert!(!has_word("wasm_bindgen_rayon::x", "rayon"));
        assert!(!has_word("unsafe_code", "unsafe"));
    }

    #[test]
    fn the_repository_has_sources() {
        assert!(Sources::read().text("crates/xtask/src/main.rs").is_some());
    }
}

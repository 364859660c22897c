//! What need not be done again: a step leaves a stamp of what it was made from, and is skipped while that stays the same.

use crate::folders;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// A fingerprint of what a step is made from. Only ever compared with one made by the same program.
#[derive(Default)]
pub struct Inputs(DefaultHasher);

impl Inputs {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// And this text.
    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    /// And the contents of this file; a missing one counts as such.
    pub fn contents(mut self, file: &Path) -> Self {
        fs::read(file).ok().hash(&mut self.0);
        self
    }

    /// And name, size and time of change of every file below `folder`, without the folders of these names.
    pub fn tree(mut self, folder: &Path, without: &[&str]) -> Self {
        for file in files_below(folder, without) {
            file.hash(&mut self.0);
            if let Ok(metadata) = fs::metadata(&file) {
                metadata.len().hash(&mut self.0);
                metadata.modified().ok().hash(&mut self.0);
            }
        }
        self
    }

    /// Whether the step `name` was last done with these inputs.
    pub fn are_those_of(&self, name: &str) -> bool {
        fs::read_to_string(stamp(name)).is_ok_and(|text| text == self.digest())
    }

    /// Remembers that the step `name` was done with these inputs. Where that fails, the step is merely done again.
    pub fn remember(&self, name: &str) {
        let _ = fs::create_dir_all(folders::target().join("stamps"));
        let _ = fs::write(stamp(name), self.digest());
    }

    fn digest(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

fn stamp(name: &str) -> PathBuf {
    folders::target().join("stamps").join(name)
}

/// Every file below `folder` in the order of names, without the folders of these names.
pub fn files_below(folder: &Path, without: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !without.iter().any(|name| *name == entry.file_name()) {
                    folders.push(path);
                }
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_differ_when_a_text_or_a_file_differs() {
        let folder = std::env::temp_dir().join(format!("tabgrad-fresh-{}", std::process::id()));
        fs::create_dir_all(folder.join("skipped")).expect("the temporary folder takes a folder");
        fs::write(folder.join("a"), "one").expect("the temporary folder takes a file");
        let digest = |text: &str| {
            Inputs::new().text(text).contents(&folder.join("a")).tree(&folder, &["skipped"]).digest()
        };
        let first = digest("x");
        assert_eq!(first, digest("x"));
        assert_ne!(first, digest("y"));
        fs::write(folder.join("skipped/b"), "ignored").expect("the temporary folder takes a file");
        assert_eq!(first, digest("x"));
        fs::write(folder.join("a"), "two, longer").expect("the temporary folder takes a file");
        assert_ne!(first, digest("x"));
        fs::remove_dir_all(folder).expect("the temporary folder can be removed");
    }
}

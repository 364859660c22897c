//! Which file an address means.

use std::path::{Component, Path, PathBuf};

/// What there is at an address.
pub enum Found {
    /// This file.
    File(PathBuf),
    /// The same with a slash behind it: a folder, whose relative addresses would otherwise miss.
    Moved(String),
    /// Nothing.
    Nothing,
}

/// Looks `address` (path and query of a request) up in `folder`; never leaves the folder.
pub fn find(folder: &Path, address: &str) -> Found {
    let path = address.split(['?', '#']).next().unwrap_or("");
    let Some(path) = decode(path) else { return Found::Nothing };
    let relative = Path::new(path.trim_start_matches('/'));
    if path.starts_with("//")
        || path.contains(['\\', '\0'])
        || !relative.components().all(|part| matches!(part, Component::Normal(_)))
    {
        return Found::Nothing;
    }
    let file = folder.join(relative);
    if file.is_dir() {
        let index = file.join("index.html");
        return match index.is_file() {
            true if path.ends_with('/') => Found::File(index),
            true => Found::Moved(format!("{path}/")),
            false => Found::Nothing,
        };
    }
    if file.is_file() { Found::File(file) } else { Found::Nothing }
}

/// Percent decoding; `None` for what is no UTF-8.
fn decode(path: &str) -> Option<String> {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok()?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_decoded() {
        assert_eq!(decode("/a%20b").as_deref(), Some("/a b"));
        assert_eq!(decode("/%zz"), None);
        assert_eq!(decode("/%2"), None);
        assert_eq!(decode("/%ff"), None);
    }
}

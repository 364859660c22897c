//! Names of columns: never empty, never twice.

use crate::hash::{Map, Set};
use crate::report::Issue;

/// Longest name that is kept; the rest is cut.
const LONGEST: usize = 120;

/// What stands in a header line, made into usable names, with what had to be changed.
pub(crate) fn column_names(header: &[String]) -> (Vec<String>, Vec<Issue>) {
    let mut issues = Vec::new();
    let plain: Vec<String> = header.iter().map(|name| clean(name)).collect();
    let mut taken: Set<String> = plain.iter().filter(|name| !name.is_empty()).cloned().collect();
    let mut used = Set::default();
    let mut next = Map::default();
    let mut names = Vec::with_capacity(header.len());
    let (mut unnamed, mut repeated) = (Vec::new(), Vec::new());
    for (index, name) in plain.into_iter().enumerate() {
        let unique = if name.is_empty() {
            let made = free_name(format!("column {}", index + 1), &taken, &mut next);
            unnamed.push(made.clone());
            made
        } else if used.contains(&name) {
            let made = free_name(name, &taken, &mut next);
            repeated.push(format!("\"{made}\""));
            made
        } else {
            name
        };
        taken.insert(unique.clone());
        used.insert(unique.clone());
        names.push(unique);
    }
    if !unnamed.is_empty() {
        let (n, list) = (unnamed.len(), few(&unnamed));
        let message = if n == 1 {
            format!("One column has no name; it is called {list}.")
        } else {
            format!("{n} columns have no name; they are called {list}.")
        };
        issues.push(Issue::info(message).count(n as u64));
    }
    if !repeated.is_empty() {
        let (n, list) = (repeated.len(), few(&repeated));
        let message = format!("Names of columns stand more than once; the later ones are called {list}.");
        issues.push(Issue::warning(message).count(n as u64));
    }
    (names, issues)
}

/// `column 1`, `column 2`, ... for a file without names.
pub(crate) fn numbered(columns: usize) -> Vec<String> {
    (1..=columns).map(|n| format!("column {n}")).collect()
}

fn clean(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let mut name = words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = name.char_indices().nth(LONGEST) {
        name.truncate(end);
        name.push('…');
    }
    name
}

/// `name`, or `name (2)`, `name (3)`, ...; `next` remembers where the search for a name has come to.
fn free_name(name: String, taken: &Set<String>, next: &mut Map<String, usize>) -> String {
    if !taken.contains(&name) {
        return name;
    }
    let number = next.entry(name.clone()).or_insert(2);
    loop {
        let made = format!("{name} ({number})");
        *number += 1;
        if !taken.contains(&made) {
            return made;
        }
    }
}

/// The first three of a list in words.
pub(crate) fn few(items: &[String]) -> String {
    let shown = items.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if items.len() > 3 { format!("{shown}, ...") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &[&str]) -> Vec<String> {
        column_names(&header.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()).0
    }

    #[test]
    fn names_become_unique() {
        assert_eq!(names(&["x", " x ", "", "x (2)", "x"]), ["x", "x (3)", "column 3", "x (2)", "x (4)"]);
        assert_eq!(names(&["", "column 1"]), ["column 1 (2)", "column 1"]);
        assert_eq!(names(&["a\n b\tc"]), ["a b c"]);
        let (_, issues) = column_names(&["x".into(), "x".into(), String::new()]);
        assert_eq!(issues.len(), 2);
    }

    #[test]
    fn ten_thousand_equal_names_are_made_unique_quickly() {
        let header = vec!["same".to_owned(); 10_000];
        let (made, _) = column_names(&header);
        assert_eq!(made.iter().collect::<Set<_>>().len(), 10_000);
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(names(&[&"ä".repeat(1000)])[0].chars().count(), LONGEST + 1);
    }
}

//! Names of columns: never empty, never twice.

use crate::hash::{Map, Set};
use crate::report::Issue;

/// Longest name that is kept; the rest is cut.
const LONGEST: usize = 120;

/// What stands in the header in line `line`, made into usable names, with what had to be changed.
pub(crate) fn column_names(header: &[String], line: u64) -> (Vec<String>, Vec<Issue>) {
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
            repeated.push(made.clone());
            made
        } else {
            name
        };
        taken.insert(unique.clone());
        used.insert(unique.clone());
        names.push(unique);
    }
    let mut tell = |made: &[String], issue: fn(String) -> Issue, one: &str, many: &str| {
        let Some(first) = made.first() else { return };
        let message = match made.len() {
            1 => format!("{one}, so it is called that."),
            n => format!("{n} columns {many}; they are called {}.", few(made)),
        };
        issues.push(issue(message).line(line).column(first).count(made.len() as u64));
    };
    tell(&unnamed, Issue::info, "it has no name in the file", "have no name in the file");
    tell(
        &repeated,
        Issue::warning,
        "its name stands there for another column already",
        "have names that stand there already",
    );
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

/// The first three names of a list.
pub(crate) fn few(names: &[String]) -> String {
    let shown = names.iter().take(3).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{shown}, ...") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &[&str]) -> Vec<String> {
        column_names(&header.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>(), 1).0
    }

    #[test]
    fn names_become_unique() {
        assert_eq!(names(&["x", " x ", "", "x (2)", "x"]), ["x", "x (3)", "column 3", "x (2)", "x (4)"]);
        assert_eq!(names(&["", "column 1"]), ["column 1 (2)", "column 1"]);
        assert_eq!(names(&["a\n b\tc"]), ["a b c"]);
        let (_, issues) = column_names(&["x".into(), "x".into(), String::new()], 1);
        assert_eq!(issues.len(), 2);
    }

    #[test]
    fn ten_thousand_equal_names_are_made_unique_quickly() {
        let header = vec!["same".to_owned(); 10_000];
        let (made, _) = column_names(&header, 1);
        assert_eq!(made.iter().collect::<Set<_>>().len(), 10_000);
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        assert_eq!(names(&[&"ä".repeat(1000)])[0].chars().count(), LONGEST + 1);
    }
}

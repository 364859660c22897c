//! Which column can be predicted, and as what.

use crate::error::Error;
use crate::infer::MOST_CATEGORIES;
use crate::profile::{Profile, count_labels, label};
use crate::report::{ColumnType, Task};
use crate::store::Cells;
use crate::value::{Decimal, parse_number};

/// What a target column is called and holds.
pub(crate) struct Candidate<'a> {
    pub(crate) file: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: ColumnType,
    pub(crate) cells: &'a Cells,
    pub(crate) rows: &'a [u32],
    pub(crate) profile: &'a Profile,
}

impl Candidate<'_> {
    /// The task, and the classes in the order of the outputs.
    ///
    /// # Errors
    /// If the column cannot be predicted, with the reason.
    pub(crate) fn task(&self) -> Result<(Task, Vec<String>), Error> {
        let (file, column) = (self.file.to_owned(), self.name.to_owned());
        let present = self.rows.len() as u64 - self.profile.missing;
        if present == 0 {
            return Err(Error::TargetAllMissing { file, column });
        }
        match self.kind {
            ColumnType::Empty => Err(Error::TargetAllMissing { file, column }),
            ColumnType::Date => Err(Error::TargetType { file, column, holds: "dates" }),
            ColumnType::Number if self.profile.distinct > 1 => Ok((Task::Regression, Vec::new())),
            ColumnType::Number => Err(Error::TargetConstant { file, column, value: self.first_value() }),
            ColumnType::Constant | ColumnType::Category if self.profile.distinct == 1 => {
                let value = self.first_value();
                Err(match parse_number(&value, Decimal::Point) {
                    Some(_) if self.kind == ColumnType::Constant => {
                        Error::TargetConstant { file, column, value }
                    }
                    _ => Error::TargetOneClass { file, column, value },
                })
            }
            ColumnType::Constant => Err(Error::TargetConstant { file, column, value: self.first_value() }),
            ColumnType::Text | ColumnType::Id => Err(Error::TargetTooManyClasses {
                file,
                column,
                classes: self.profile.distinct as usize,
                rows: present as usize,
                limit: limit(present),
            }),
            ColumnType::Category => self.classes(present),
        }
    }

    fn classes(&self, present: u64) -> Result<(Task, Vec<String>), Error> {
        let (classes, limit) = (self.profile.distinct as usize, limit(present));
        if classes > limit {
            return Err(Error::TargetTooManyClasses {
                file: self.file.to_owned(),
                column: self.name.to_owned(),
                classes,
                rows: present as usize,
                limit,
            });
        }
        let counts = count_labels(self.rows.iter().filter_map(|&row| label(self.cells.get(row as usize))));
        let labels = in_order(counts.into_iter().map(|(label, _)| label.to_owned()).collect());
        Ok((if labels.len() == 2 { Task::Binary } else { Task::Multiclass }, labels))
    }

    fn first_value(&self) -> String {
        let first = self.rows.iter().find_map(|&row| label(self.cells.get(row as usize)));
        crate::infer::shorten(first.unwrap_or_default())
    }
}

/// Classes that can be told apart from so many rows: two rows each, at most 1000.
fn limit(present: u64) -> usize {
    MOST_CATEGORIES.min((present / 2).max(2) as usize)
}

/// Numbers by size, everything else by the alphabet (small and large letters of ASCII beside each other: the tables for those of
/// all languages are 10 kB of the download).
fn in_order(mut labels: Vec<String>) -> Vec<String> {
    let number = |label: &String| parse_number(label, Decimal::Point);
    if labels.iter().all(|label| number(label).is_some()) {
        labels.sort_by(|a, b| {
            number(a).partial_cmp(&number(b)).unwrap_or(std::cmp::Ordering::Equal).then(a.cmp(b))
        });
    } else {
        labels.sort_by_cached_key(|label| (label.to_ascii_lowercase(), label.clone()));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_in_a_natural_order() {
        let order = |labels: &[&str]| in_order(labels.iter().map(|s| (*s).to_owned()).collect());
        assert_eq!(order(&["10", "9", "-1"]), ["-1", "9", "10"]);
        assert_eq!(order(&["yes", "No", "maybe"]), ["maybe", "No", "yes"]);
    }

    #[test]
    fn the_limit_grows_with_the_rows() {
        assert_eq!((limit(3), limit(10), limit(5000)), (2, 5, 1000));
    }
}

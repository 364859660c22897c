//! What is told of a table's columns and rows under the choices of its user.

use super::{Choices, Column, FEW_UNUSED, Table};
use crate::infer::{lost_cells, shorten};
use crate::names::few;
use crate::profile::{amount, label};
use crate::report::{ColumnType, Issue, Role};
use crate::weight::left_out;

impl Table {
    pub(super) fn issues_of(
        &self,
        columns: &[Column],
        choices: &Choices,
        rows: &[u32],
        unweighted: &[u32],
    ) -> Vec<Issue> {
        let line = |row: u32| u64::from(self.raw.lines[row as usize]);
        let mut issues = Vec::new();
        for ((column, reading), name) in columns.iter().zip(&self.readings).zip(&self.raw.names) {
            if !matches!(column.role, Role::Ignored | Role::Weight)
                && matches!(column.kind, ColumnType::Number | ColumnType::Date)
            {
                issues.extend(lost_cells(reading, name, column.kind, line));
            }
        }
        self.tell_unused(columns, choices, ColumnType::Constant, &mut issues);
        self.tell_unused(columns, choices, ColumnType::Empty, &mut issues);
        for &target in &choices.targets {
            let Column { kind, profile, .. } = &columns[target];
            if profile.missing == 0 {
                continue;
            }
            let (n, name) = (profile.missing, &self.raw.names[target]);
            let has_value = |row: u32| {
                let cell = self.raw.cells[target].get(row as usize);
                match kind {
                    ColumnType::Number | ColumnType::Date => {
                        amount(cell, *kind, self.format(target)).is_some()
                    }
                    _ => label(cell).is_some(),
                }
            };
            let first = rows.iter().copied().find(|&row| !has_value(row)).unwrap_or_default();
            let message = if n == 1 {
                "the row has no value of the target and is left out.".to_owned()
            } else {
                format!("{n} rows have no value of the target, the first in this line; they are left out.")
            };
            issues.push(Issue::warning(message).line(line(first)).column(name).count(n));
        }
        if let Some(column) = choices.weight {
            issues.extend(left_out(unweighted, line, &self.raw.names[column]));
        }
        if let Some(&first) = self.repeated.first() {
            let n = self.repeated.len() as u64;
            let message = match (n, choices.drop_duplicates) {
                (1, false) => "this duplicate row repeats an earlier one and is kept.".to_owned(),
                (1, true) => "this duplicate row repeats an earlier one and is left out.".to_owned(),
                (_, is_dropped) => format!(
                    "{n} duplicate rows repeat an earlier one, the first in this line; they are {}.",
                    if is_dropped { "left out" } else { "kept" }
                ),
            };
            issues.push(Issue::info(message).line(line(first)).count(n));
        }
        issues
    }

    /// Columns that are not used because there is nothing in them to learn from: one by one if they are few.
    fn tell_unused(&self, columns: &[Column], choices: &Choices, kind: ColumnType, issues: &mut Vec<Issue>) {
        let is_told = |index: usize| self.unlearnable == Some(index) || choices.ignored.contains(&index);
        let unused: Vec<usize> = (0..columns.len())
            .filter(|&index| columns[index].kind == kind && columns[index].role == Role::Ignored)
            .filter(|&index| !is_told(index))
            .collect();
        let names: Vec<String> = unused.iter().map(|&index| self.raw.names[index].clone()).collect();
        let is_constant = kind == ColumnType::Constant;
        if names.len() > FEW_UNUSED {
            let what = if is_constant { "the same value in every row" } else { "no value in any row" };
            let message = format!("{} columns have {what} ({}) and are not used.", names.len(), few(&names));
            issues.push(Issue::warning(message).column(&names[0]).count(names.len() as u64));
            return;
        }
        for (index, name) in unused.into_iter().zip(&names) {
            let message = if is_constant {
                let cells = &self.raw.cells[index];
                let first = (0..self.raw.lines.len()).find_map(|row| label(cells.get(row)));
                let value = shorten(first.unwrap_or_default());
                format!(
                    "every value is \"{value}\", so there is nothing to learn from it and it is not used."
                )
            } else {
                "no row has a value, so it is not used.".to_owned()
            };
            issues.push(Issue::warning(message).column(name));
        }
    }
}

//! Which rows are for training, which for validation, which for the test.
//!
//! Every class is shuffled and cut by itself, so that all three parts have the classes in nearly the shares of the whole
//! table; what rounding leaves over is carried to the next class, so that the sizes come out right as well. Of several
//! targets, the first that has classes decides.

use tabgrad_json::record;
use tabgrad_kernels::rng::{Purpose, Stream};

use crate::error::Error;
use crate::table::Table;

record! {
    #![strict]
    /// Shares of the rows; what is neither validation nor test is train.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct SplitSpec {
        /// From 0 up to 1.
        pub validation: f64,
        /// From 0 up to 1; both together less than 1.
        pub test: f64,
        /// Decides which rows go where.
        pub seed: u64,
    }
}

impl SplitSpec {
    /// # Errors
    /// If a share is negative, not a number, or nothing is left for training.
    pub fn check(&self) -> Result<(), Error> {
        let refuse =
            |path, expected, found: f64| Err(Error::Argument { path, expected, found: found.to_string() });
        if !(0.0..1.0).contains(&self.validation) {
            return refuse("split.validation", "at least 0 and less than 1", self.validation);
        }
        if !(0.0..1.0).contains(&self.test) {
            return refuse("split.test", "at least 0 and less than 1", self.test);
        }
        if self.validation + self.test >= 1.0 {
            let both = self.validation + self.test;
            return refuse(
                "split.validation + split.test",
                "less than 1, so that rows are left for training",
                both,
            );
        }
        Ok(())
    }
}

/// Rows of a table in three parts, each in the order of the table. Rows that lack a target, or the weight that they should
/// have, are in none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Never empty.
    pub train: Vec<u32>,
    /// Empty if its share is 0 or the rows are too few.
    pub validation: Vec<u32>,
    /// Empty if its share is 0 or the rows are too few.
    pub test: Vec<u32>,
}

/// Splits the rows that have all targets (and a weight, where rows have weights). Every class keeps at least one row for
/// training.
///
/// # Errors
/// If the shares are not possible ([`SplitSpec::check`]).
pub fn split(table: &Table, spec: &SplitSpec) -> Result<Split, Error> {
    spec.check()?;
    let by = table.targets().iter().find(|target| !target.classes.is_empty());
    let mut strata = vec![Vec::new(); by.map_or(1, |target| target.classes.len())];
    let classes = by.map(|target| table.class_indices(target));
    for row in (0..table.rows()).filter(|&row| table.has_targets(row) && table.has_weight(row)) {
        let class = classes.as_ref().map_or(Some(0), |classes| classes[row]);
        if let Some(class) = class {
            strata[class as usize].push(row as u32);
        }
    }
    Ok(cut(strata, spec))
}

fn cut(mut strata: Vec<Vec<u32>>, spec: &SplitSpec) -> Split {
    let rows: usize = strata.iter().map(Vec::len).sum();
    let mut split = Split::default();
    let (mut owed_test, mut owed_validation) = (0.0, 0.0);
    // The largest come last: they can take what the small ones could not give.
    let mut order: Vec<usize> = (0..strata.len()).collect();
    order.sort_by_key(|&lane| strata[lane].len());
    for lane in order {
        let stratum = &mut strata[lane];
        Stream::new(spec.seed, Purpose::Split, lane as u32).shuffle(stratum);
        let mut spare = stratum.len().saturating_sub(1);
        let mut take = |owed: &mut f64, share: f64| {
            *owed += stratum.len() as f64 * share;
            // The small addition takes back what binary fractions lose: 50 * 0.2 shall be 10.
            let count = (libm::floor(*owed + 1e-9).max(0.0) as usize).min(spare);
            *owed -= count as f64;
            spare -= count;
            count
        };
        let test = take(&mut owed_test, spec.test);
        let validation = take(&mut owed_validation, spec.validation);
        split.test.extend_from_slice(&stratum[..test]);
        split.validation.extend_from_slice(&stratum[test..test + validation]);
        split.train.extend_from_slice(&stratum[test + validation..]);
    }
    // A part that was asked for gets a row as soon as there are enough.
    if rows >= 3 {
        for (part, share) in [(&mut split.test, spec.test), (&mut split.validation, spec.validation)] {
            if share > 0.0 && part.is_empty() && split.train.len() > strata.len() {
                let mut given = false;
                part.extend(split.train.extract_if(.., |row| {
                    let spare = !given && strata.iter().any(|s| s.len() > 2 && s.contains(row));
                    given |= spare;
                    spare
                }));
            }
        }
    }
    split.train.sort_unstable();
    split.validation.sort_unstable();
    split.test.sort_unstable();
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: SplitSpec = SplitSpec { validation: 0.2, test: 0.2, seed: 1 };

    fn classes(sizes: &[u32]) -> Vec<Vec<u32>> {
        let mut next = 0;
        let mut class = |n: u32| {
            next += n;
            (next - n..next).collect()
        };
        sizes.iter().map(|&n| class(n)).collect()
    }

    #[test]
    fn parts_are_disjoint_stratified_and_seeded() {
        let split = cut(classes(&[50, 50, 50]), &SPEC);
        assert_eq!((split.train.len(), split.validation.len(), split.test.len()), (90, 30, 30));
        for part in [&split.validation, &split.test] {
            for class in 0..3 {
                assert_eq!(part.iter().filter(|&&r| r / 50 == class).count(), 10);
            }
        }
        let mut all = [&split.train[..], &split.validation, &split.test].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..150));
        assert_eq!(cut(classes(&[50, 50, 50]), &SPEC), split);
        assert_ne!(cut(classes(&[50, 50, 50]), &SplitSpec { seed: 2, ..SPEC }), split);
    }

    #[test]
    fn small_classes_stay_in_train_and_sizes_come_out_right() {
        let split = cut(classes(&[1, 1, 1, 1, 1, 95]), &SPEC);
        assert!((0..5).all(|row| split.train.contains(&row)));
        assert_eq!((split.validation.len(), split.test.len()), (20, 20));
        let split = cut(classes(&[95, 1, 1, 1, 1, 1]), &SPEC);
        assert_eq!((split.validation.len(), split.test.len()), (20, 20));
        let split = cut(classes(&[2; 50]), &SPEC);
        assert!(split.validation.len() >= 19 && split.test.len() >= 19, "{split:?}");
    }

    #[test]
    fn train_is_never_empty() {
        let spec = SplitSpec { validation: 0.49, test: 0.5, seed: 3 };
        for rows in 1..20 {
            let split = cut(classes(&[rows]), &spec);
            assert!(!split.train.is_empty(), "{rows} rows");
            assert!(
                rows < 3 || !split.test.is_empty() && !split.validation.is_empty(),
                "{rows} rows: {split:?}"
            );
        }
        assert_eq!(cut(classes(&[3]), &SPEC).train.len(), 1);
    }

    #[test]
    fn impossible_shares_are_refused() {
        for (validation, test) in [(-0.1, 0.0), (0.0, 1.0), (0.5, 0.5), (f64::NAN, 0.0)] {
            let error = SplitSpec { validation, test, seed: 0 }.check().expect_err("no such shares");
            assert_eq!(error.code(), "argument");
        }
    }
}

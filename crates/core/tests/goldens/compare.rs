//! Close enough, and what is said when it is not.

/// `|found - expected| <= absolute + relative * |expected|`.
#[derive(Clone, Copy)]
pub struct Tolerance {
    relative: f32,
    absolute: f32,
}

/// One operation, forward or backward, in f32.
pub const PER_OP: Tolerance = Tolerance { relative: 1.3e-6, absolute: 2e-6 };
/// Whole models and many steps: roundings pile up.
pub const WHOLE: Tolerance = Tolerance { relative: 1e-4, absolute: 1e-5 };

/// Everything compared in one test: counts, and a line for each thing that differs.
#[derive(Default)]
pub struct Comparison {
    case: String,
    numbers: usize,
    worst: f32,
    differences: Vec<String>,
}

impl Comparison {
    /// What follows belongs to this case.
    pub fn case(&mut self, name: &str) {
        name.clone_into(&mut self.case);
    }

    /// One number that must be there.
    pub fn number(&mut self, what: &str, expected: f32, found: Option<f32>, tolerance: Tolerance) {
        match found {
            Some(found) => self.values(what, &[expected], &[found], tolerance),
            None => self
                .differences
                .push(format!("{}: {what}: Keras has {expected}, here it is missing", self.case)),
        }
    }

    /// A tensor; the element that is furthest off is the one that is told.
    pub fn values(&mut self, what: &str, expected: &[f32], found: &[f32], tolerance: Tolerance) {
        if expected.len() != found.len() {
            let (keras, here) = (expected.len(), found.len());
            self.differences
                .push(format!("{}: {what}: Keras has {keras} numbers, here are {here}", self.case));
            return;
        }
        self.numbers += expected.len();
        let share = |(&expected, &found): (&f32, &f32)| {
            let allowed = tolerance.absolute + tolerance.relative * expected.abs();
            let off = (found - expected).abs() / allowed;
            if off.is_nan() { f32::INFINITY } else { off }
        };
        let shares = expected.iter().zip(found).map(share);
        let Some((place, worst)) = shares.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
        self.worst = self.worst.max(worst);
        if worst > 1.0 {
            let (keras, here) = (expected[place], found[place]);
            let case = &self.case;
            self.differences.push(format!(
                "{case}: {what}[{place}]: Keras {keras}, here {here}, {worst:.1} x what is allowed"
            ));
        }
    }

    /// Prints the counts; fails if anything differed.
    pub fn finish(self, what: &str, cases: usize) {
        println!(
            "goldens: {what}: {cases} cases, {} numbers, the worst uses {:.2} of its tolerance",
            self.numbers, self.worst
        );
        assert!(self.numbers > 0, "{what}: nothing was compared");
        assert!(
            self.differences.is_empty(),
            "{} differ from Keras:\n{}",
            self.differences.len(),
            self.differences.join("\n")
        );
    }
}

#[test]
fn a_difference_is_seen_and_told_and_so_are_nan_and_a_missing_number() {
    let mut comparison = Comparison::default();
    comparison.case("a");
    comparison.values("same", &[1.0, 100.0], &[1.000_001, 100.000_1], PER_OP);
    assert!(comparison.differences.is_empty());
    comparison.values("off", &[1.0, 2.0], &[1.0, 2.000_1], PER_OP);
    comparison.values("nan", &[1.0], &[f32::NAN], PER_OP);
    comparison.values("short", &[1.0, 2.0], &[1.0], WHOLE);
    comparison.number("missing", 1.0, None, WHOLE);
    assert_eq!(comparison.differences.len(), 4);
    assert!(comparison.differences[0].starts_with("a: off[1]: Keras 2, here 2.0001"));
}

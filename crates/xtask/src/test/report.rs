//! How many tests ran: what the runners say, read.

use serde_json::Value;
use std::fmt;
use std::ops::AddAssign;

/// Tests by result.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Ran and found nothing wrong.
    pub passed: usize,
    /// Ran and found something wrong, or could not run.
    pub failed: usize,
    /// Were left out on purpose.
    pub skipped: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

impl Count {
    /// Of the lines `test result: ok. 3 passed; 0 failed; 1 ignored; ...` of cargo and of wasm-bindgen's runner. A
    /// run that failed without naming a failed test (it did not compile, the browser died) counts as one failure.
    pub fn of_rust(text: &str, succeeded: bool) -> Self {
        let mut count = Self::default();
        for line in text.lines().filter_map(|line| line.trim().strip_prefix("test result:")) {
            let number = |word: &str| {
                line.split([';', '.'])
                    .find_map(|part| part.trim().strip_suffix(word)?.trim().parse::<usize>().ok())
                    .unwrap_or(0)
            };
            count += Self { passed: number("passed"), failed: number("failed"), skipped: number("ignored") };
        }
        count.or_one_failure(succeeded)
    }

    /// Of vitest's JSON report.
    pub fn of_vitest(report: &Value, succeeded: bool) -> Self {
        let number = |name: &str| report[name].as_u64().unwrap_or(0) as usize;
        let skipped = number("numPendingTests") + number("numTodoTests");
        Self { passed: number("numPassedTests"), failed: number("numFailedTests"), skipped }
            .or_one_failure(succeeded)
    }

    /// Of Playwright's JSON report. A test that passed only at a second try has failed.
    pub fn of_playwright(report: &Value, succeeded: bool) -> Self {
        let number = |name: &str| report["stats"][name].as_u64().unwrap_or(0) as usize;
        Self {
            passed: number("expected"),
            failed: number("unexpected") + number("flaky"),
            skipped: number("skipped"),
        }
        .or_one_failure(succeeded)
    }

    fn or_one_failure(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_of_cargo_are_added_up() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                    test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out\n";
        assert_eq!(Count::of_rust(text, false), Count { passed: 5, failed: 1, skipped: 1 });
    }

    #[test]
    fn a_run_that_fails_without_a_failed_test_is_a_failure() {
        assert_eq!(Count::of_rust("error: could not compile", false).failed, 1);
        assert_eq!(Count::of_vitest(&Value::Null, false).failed, 1);
        assert_eq!(Count::of_playwright(&Value::Null, false).failed, 1);
    }

    #[test]
    fn reports_of_the_page_are_read() {
        let vitest = json!({ "numPassedTests": 4, "numFailedTests": 1, "numPendingTests": 2 });
        assert_eq!(Count::of_vitest(&vitest, false), Count { passed: 4, failed: 1, skipped: 2 });
        let playwright = json!({ "stats": { "expected": 7, "unexpected": 1, "flaky": 1, "skipped": 3 } });
        assert_eq!(Count::of_playwright(&playwright, false), Count { passed: 7, failed: 2, skipped: 3 });
    }

    #[test]
    fn the_last_line_has_one_form() {
        assert_eq!(Count { passed: 5, failed: 0, skipped: 0 }.to_string(), "5 passed, 0 failed");
        assert_eq!(Count { passed: 5, failed: 1, skipped: 2 }.to_string(), "5 passed, 1 failed, 2 skipped");
    }
}

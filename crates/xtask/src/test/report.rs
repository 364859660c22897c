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
    /// Of those that passed: only when tried again, which they say of themselves that they may need.
    pub tried_again: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.tried_again += other.tried_again;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        if self.tried_again > 0 {
            write!(out, ", {} of the passed only when tried again", self.tried_again)?;
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
            count += Self {
                passed: number("passed"),
                failed: number("failed"),
                skipped: number("ignored"),
                ..Self::default()
            };
        }
        count.or_one_failure(succeeded)
    }

    /// Of vitest's JSON report.
    pub fn of_vitest(report: &Value, succeeded: bool) -> Self {
        let number = |name: &str| report[name].as_u64().unwrap_or(0) as usize;
        let skipped = number("numPendingTests") + number("numTodoTests");
        let (passed, failed) = (number("numPassedTests"), number("numFailedTests"));
        Self { passed, failed, skipped, ..Self::default() }.or_one_failure(succeeded)
    }

    /// Of Playwright's JSON report. A test that passed only when it was tried again has passed if it declares by itself how
    /// often it may be; where the configuration lets every test be tried again, none of them does, and it has failed.
    pub fn of_playwright(report: &Value, succeeded: bool) -> Self {
        let number = |name: &str| report["stats"][name].as_u64().unwrap_or(0) as usize;
        let projects = report["config"]["projects"].as_array();
        let declares_itself =
            projects.is_some_and(|all| all.iter().all(|project| project["retries"].as_u64() == Some(0)));
        let flaky = number("flaky");
        let tried_again = if declares_itself { flaky } else { 0 };
        Self {
            passed: number("expected") + tried_again,
            failed: number("unexpected") + flaky - tried_again,
            skipped: number("skipped"),
            tried_again,
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

/// Of Playwright's JSON report: the tests that passed only when they were tried again, by file and title, and how often they
/// were tried.
pub fn tried_again(report: &Value) -> Vec<String> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    let mut suites = list(report, "suites");
    while let Some(suite) = suites.pop() {
        for spec in list(&suite, "specs") {
            for test in list(&spec, "tests").iter().filter(|test| test["status"] == "flaky") {
                let text = |name: &str| spec[name].as_str().unwrap_or("?").to_owned();
                let tries = list(test, "results").len();
                found.push(format!("{}: {} (at try {tries})", text("file"), text("title")));
            }
        }
        suites.extend(list(&suite, "suites"));
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_of_cargo_are_added_up() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                    test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out\n";
        assert_eq!(Count::of_rust(text, false), Count { passed: 5, failed: 1, skipped: 1, tried_again: 0 });
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
        assert_eq!(
            Count::of_vitest(&vitest, false),
            Count { passed: 4, failed: 1, skipped: 2, tried_again: 0 }
        );
        let playwright = json!({ "stats": { "expected": 7, "unexpected": 1, "flaky": 0, "skipped": 3 } });
        let count = Count { passed: 7, failed: 1, skipped: 3, tried_again: 0 };
        assert_eq!(Count::of_playwright(&playwright, false), count);
    }

    #[test]
    fn a_test_passes_at_another_try_only_if_it_declares_that_it_may() {
        let report = |retries: u64| {
            json!({
                "config": { "projects": [{ "name": "chromium", "retries": retries }] },
                "suites": [{ "title": "first-load.spec.ts", "suites": [{ "specs": [
                    { "title": "with threads", "file": "first-load.spec.ts",
                      "tests": [{ "status": "flaky", "results": [{ "retry": 0 }, { "retry": 1 }] }] },
                    { "title": "alone", "file": "first-load.spec.ts",
                      "tests": [{ "status": "expected", "results": [{ "retry": 0 }] }] },
                ] }] }],
                "stats": { "expected": 7, "unexpected": 0, "flaky": 1, "skipped": 0 },
            })
        };
        let count = Count { passed: 8, failed: 0, skipped: 0, tried_again: 1 };
        assert_eq!(Count::of_playwright(&report(0), true), count);
        let count = Count { passed: 7, failed: 1, skipped: 0, tried_again: 0 };
        assert_eq!(Count::of_playwright(&report(2), true), count);
        assert_eq!(tried_again(&report(0)), ["first-load.spec.ts: with threads (at try 2)"]);
    }

    #[test]
    fn the_last_line_has_one_form() {
        let count = Count { passed: 5, ..Count::default() };
        assert_eq!(count.to_string(), "5 passed, 0 failed");
        assert_eq!(Count { failed: 1, skipped: 2, ..count }.to_string(), "5 passed, 1 failed, 2 skipped");
        let again = Count { tried_again: 1, ..count }.to_string();
        assert_eq!(again, "5 passed, 0 failed, 1 of the passed only when tried again");
    }
}

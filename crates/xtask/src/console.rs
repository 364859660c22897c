//! What the user reads: one line per step, and for a failed step which, why, and what to do.

use std::fmt;
use std::time::Duration;

/// A step that failed.
#[derive(Debug)]
pub struct Failure {
    step: String,
    why: String,
    advice: String,
}

/// The result of a step.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// `step` failed because of `why`; the user can do `advice`.
    pub fn new(step: impl Into<String>, why: impl fmt::Display, advice: impl Into<String>) -> Self {
        Self { step: step.into(), why: why.to_string(), advice: advice.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "\nfailed: {}\nwhy:    {}\nto do:  {}", self.step, self.why, self.advice)
    }
}

/// Says what a step does: `  page       built in 3 s`.
pub fn say(step: &str, what: impl fmt::Display) {
    println!("  {step:<16} {what}");
}

/// A duration as people say it: `0.4 s`, `12 s`, `2 min 05 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 9.95 {
        format!("{seconds:.1} s")
    } else if seconds < 99.5 {
        format!("{seconds:.0} s")
    } else {
        let whole = seconds.round() as u64;
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken_in_seconds_then_minutes() {
        assert_eq!(spoken(Duration::from_millis(440)), "0.4 s");
        assert_eq!(spoken(Duration::from_millis(12_300)), "12 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_failure_names_step_reason_and_remedy() {
        let text = Failure::new("npm packages", "npm is missing", "install Node.js").to_string();
        assert!(text.contains("failed: npm packages"));
        assert!(text.contains("why:    npm is missing"));
        assert!(text.contains("to do:  install Node.js"));
    }
}

//! How often something costly may be done beside training: never more than a share of the time.
//!
//! ```text
//! allowed again at: end of the last time + cost of the last time x (1 / share - 1)
//! ```

/// One kind of costly work. Times in milliseconds of the session's clock.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    share: f64,
    next: f64,
}

impl Pace {
    /// May take `share` of the time, above 0 and at most 1.
    pub fn new(share: f64) -> Self {
        Self { share, next: f64::NEG_INFINITY }
    }

    /// Whether it may be done now.
    pub fn allows(&self, now: f64) -> bool {
        now >= self.next
    }

    /// It was done.
    pub fn done(&mut self, begin: f64, end: f64) {
        self.next = end + (end - begin).max(0.0) * (1.0 / self.share - 1.0);
    }

    /// Next time without waiting.
    pub fn forget(&mut self) {
        self.next = f64::NEG_INFINITY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_its_share_and_no_more() {
        let mut pace = Pace::new(0.25);
        let (mut now, mut spent) = (0.0, 0.0);
        while now < 1000.0 {
            if pace.allows(now) {
                pace.done(now, now + 5.0);
                spent += 5.0;
                now += 5.0;
            } else {
                now += 1.0;
            }
        }
        assert!((240.0..=255.0).contains(&spent), "{spent}");
        pace.done(now, now + 100.0);
        assert!(!pace.allows(now + 101.0));
        pace.forget();
        assert!(pace.allows(now + 101.0));
    }
}

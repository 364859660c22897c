//! How many steps are made between two looks at the clock, where a time limit may end a fit: few enough that the limit is met, many
//! enough that looking costs nothing.

/// Seconds from one look to the next.
const SLICE_S: f64 = 0.05;

/// Steps between looks at the clock, by how long the last ones took.
#[derive(Clone, Copy, Debug)]
pub struct StepPace {
    steps: usize,
    /// When the clock was last looked at, and how long a step took then.
    looked_s: Option<f64>,
    step_s: Option<f64>,
}

impl Default for StepPace {
    fn default() -> Self {
        Self { steps: 1, looked_s: None, step_s: None }
    }
}

impl StepPace {
    /// The most steps before the next look; `limit_s`: when training must end, in the clock's seconds.
    pub fn steps(&self, limit_s: Option<f64>) -> usize {
        let Some(limit) = limit_s else { return usize::MAX };
        match (self.step_s, self.looked_s) {
            // No further than the limit.
            (Some(step), Some(now)) if step > 0.0 => {
                self.steps.min(((limit - now).max(0.0) / step).ceil() as usize).max(1)
            }
            _ => self.steps,
        }
    }

    /// So many steps were made, and it is `now`.
    pub fn look(&mut self, steps: usize, now: f64) {
        if let Some(before) = self.looked_s.filter(|_| steps > 0) {
            let step = ((now - before) / steps as f64).max(0.0);
            self.step_s = Some(step);
            // At most twice as many: one look may have come at a good moment.
            let most = self.steps.saturating_mul(2);
            self.steps = if step > 0.0 { ((SLICE_S / step) as usize).clamp(1, most) } else { most };
        }
        self.looked_s = Some(now);
    }

    /// What comes before the next look is not steps alone.
    pub fn look_away(&mut self) {
        self.looked_s = None;
    }
}

//! How the epochs went, in bounded memory: a run of a million epochs keeps at most [`LIMIT`] records.
//!
//! ```text
//! every epoch -> full -> every 2nd -> full -> every 4th -> ...
//! ```
//!
//! Kept are the epochs that are multiples of the stride, and the newest whenever training stands.

use tabgrad_json::record;

use crate::protocol::EpochRecord;

/// Records kept at most.
pub const LIMIT: usize = 2048;

record! {
    /// Records of the epochs, and which of them the page has not seen.
    #[derive(Clone, Debug, PartialEq)]
    pub struct History {
        stride: u32,
        records: Vec<EpochRecord>,
        /// Epochs up to this one were sent.
        sent: u32 = skipped,
    }
}

impl Default for History {
    fn default() -> Self {
        Self { stride: 1, records: Vec::new(), sent: 0 }
    }
}

impl History {
    /// Whether this epoch is one to be scored and kept.
    pub fn wants(&self, epoch: u32) -> bool {
        epoch.is_multiple_of(self.stride.max(1))
    }

    /// Adds the record of an epoch; one that is not later than the newest is on record already.
    pub fn push(&mut self, record: EpochRecord) {
        if record.epoch <= self.last_epoch() {
            return;
        }
        self.records.push(record);
        if self.records.len() > LIMIT {
            self.stride = self.stride.max(1).saturating_mul(2);
            let (newest, stride) = (self.last_epoch(), self.stride);
            self.records.retain(|record| record.epoch.is_multiple_of(stride) || record.epoch == newest);
        }
    }

    /// Takes the records of later epochs away.
    pub fn forget_after(&mut self, epoch: u32) {
        self.records.retain(|record| record.epoch <= epoch);
        self.sent = self.sent.min(epoch);
    }

    /// All records, oldest first.
    pub fn records(&self) -> &[EpochRecord] {
        &self.records
    }

    /// The newest epoch on record; 0: none.
    pub fn last_epoch(&self) -> u32 {
        self.records.last().map_or(0, |record| record.epoch)
    }

    /// Records that were not sent yet; now they are.
    pub fn take_unsent(&mut self) -> Vec<EpochRecord> {
        let from = self.records.partition_point(|record| record.epoch <= self.sent);
        self.mark_sent();
        self.records[from..].to_vec()
    }

    /// The page knows all of it.
    pub fn mark_sent(&mut self) {
        self.sent = self.last_epoch();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::protocol::Scores;

    fn record(epoch: u32) -> EpochRecord {
        let scores = Scores { loss: 1.0 / f64::from(epoch), metrics: BTreeMap::new() };
        EpochRecord { epoch, train: scores, validation: None }
    }

    fn run(epochs: u32) -> History {
        let mut history = History::default();
        for epoch in 1..=epochs {
            if history.wants(epoch) {
                history.push(record(epoch));
            }
        }
        history
    }

    #[test]
    fn short_runs_keep_every_epoch() {
        let history = run(LIMIT as u32);
        assert_eq!(history.records().len(), LIMIT);
        assert_eq!(history.last_epoch(), LIMIT as u32);
    }

    #[test]
    fn long_runs_stay_bounded_and_even() {
        let history = run(100_000);
        assert!(history.records().len() <= LIMIT && history.records().len() > LIMIT / 4);
        let off_grid = history.records().iter().filter(|record| !history.wants(record.epoch)).count();
        assert!(off_grid <= 1, "{off_grid}");
    }

    #[test]
    fn what_was_sent_is_not_sent_again() {
        let mut history = run(5);
        assert_eq!(history.take_unsent().len(), 5);
        assert!(history.take_unsent().is_empty());
        history.push(record(6));
        history.push(record(6));
        assert_eq!(history.take_unsent(), [record(6)]);
    }

    #[test]
    fn epochs_that_are_taken_back_come_again() {
        let mut history = run(5);
        history.mark_sent();
        history.forget_after(3);
        assert_eq!(history.last_epoch(), 3);
        history.push(record(4));
        assert_eq!(history.take_unsent(), [record(4)]);
    }

    #[test]
    fn a_saved_history_goes_on_at_its_own_stride() {
        let before = run(20_000);
        let json = serde_json::to_string(&before).unwrap();
        let mut restored: History = serde_json::from_str(&json).unwrap();
        assert!(!restored.wants(20_001) && restored.wants(20_016));
        restored.mark_sent();
        restored.push(record(20_016));
        assert_eq!(restored.take_unsent(), [record(20_016)]);
    }
}

//! Recurrent cells over whole sequences: the very cases that the kernels are run on, where these are small.

use super::{Check, times};
use crate::conformance::recurrent::{Cell, Data, shapes};
use crate::conformance::wide;

pub(super) fn simple(check: &mut Check) {
    of(check, Cell::Simple);
}

pub(super) fn lstm(check: &mut Check) {
    of(check, Cell::Lstm);
}

pub(super) fn gru(check: &mut Check) {
    of(check, Cell::Gru { reset_after: true });
    of(check, Cell::Gru { reset_after: false });
}

/// Off the kinks of a rectifier: nothing in these sequences is as near to 0 as a step.
fn of(check: &mut Check, cell: Cell) {
    for shape in shapes().into_iter().filter(|shape| shape.rows * shape.steps * shape.units <= 60) {
        let data = Data::new(shape, cell);
        let (p, d_y) = (wide(&data.p), wide(&data.d_y));
        let nudge = vec![0.0; shape.rows * shape.steps * shape.units];
        let (d_p, d_nudge) = data.twin_backward(&p, &nudge);
        check.agree(&format!("p of {shape:?}"), &p, &d_p, |p| times(&data.twin(p, &nudge), &d_y));
        if cell == (Cell::Gru { reset_after: true }) {
            check.agree(&format!("nudge of {shape:?}"), &nudge, &d_nudge, |nudge| {
                times(&data.twin(&p, nudge), &d_y)
            });
        }
    }
}

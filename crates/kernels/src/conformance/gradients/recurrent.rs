//! Recurrent cells over whole sequences: the very cases that the kernels are run on, where these are small.

use super::Check;
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
        let (p, initial) = (wide(&data.p), data.initial_rows());
        let nudge = vec![0.0; shape.rows * shape.steps * shape.units];
        let (d_p, d_nudge, d_initial) = data.twin_backward(&p, &nudge, &initial);
        check.agree(&format!("p of {shape:?}"), &p, &d_p, |p| data.terms(p, &nudge, &initial));
        if shape.has_ends {
            check.agree(&format!("initial states of {shape:?}"), &initial, &d_initial, |initial| {
                data.terms(&p, &nudge, initial)
            });
        }
        if cell == (Cell::Gru { reset_after: true }) {
            check.agree(&format!("nudge of {shape:?}"), &nudge, &d_nudge, |nudge| {
                data.terms(&p, nudge, &initial)
            });
        }
    }
}

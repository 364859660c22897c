//! One reader for every tensor: where several ops read one, a `Fork` is put behind its maker and each gets a name of its
//! own for it. So every gradient is written once, and sums of gradients are made in one place. Where none does, an `Unread`
//! writes the gradient: of zeros.

use super::build::{Builder, Node};
use super::loss::Head;
use super::tensor::TensorId;
use crate::ops::{Fork, Op, Unread};

/// Puts in the forks, and what reads what nothing else does; each loss counts as a reader.
pub(crate) fn insert_forks(builder: &mut Builder, heads: &mut [Head]) {
    let mut nodes = std::mem::take(&mut builder.nodes);
    let mut next = 0;
    while next < nodes.len() {
        let is_head = nodes[next].is_head;
        for x in nodes[next].op.operation().outputs() {
            if !builder.drafts[x.0].needs_gradient {
                continue;
            }
            let mut readers = readers_of(&mut nodes, x);
            let losses = heads.iter_mut().map(|head| &mut head.loss_input);
            readers.extend(losses.filter(|input| **input == x));
            let times = builder.drafts[x.0].times;
            if readers.len() < 2 {
                if readers.is_empty() && !is_head {
                    nodes.insert(next + 1, Node { op: Op::Unread(Unread { x }), is_head: false, times });
                }
                continue;
            }
            let shape = builder.shape(x).to_vec();
            let names: Vec<TensorId> = readers
                .into_iter()
                .map(|reader| {
                    *reader = builder.alias(x, &shape);
                    *reader
                })
                .collect();
            let op = Op::Fork(Fork { x, y: names });
            nodes.insert(next + 1, Node { op, is_head: false, times });
        }
        next += 1;
    }
    builder.nodes = nodes;
}

/// Where ops name `x` as what they read. What makes probabilities for people has no gradient, so it does not count.
fn readers_of(nodes: &mut [Node], x: TensorId) -> Vec<&mut TensorId> {
    nodes
        .iter_mut()
        .filter(|node| !node.is_head)
        .flat_map(|node| node.op.operation_mut().inputs())
        .filter(|input| **input == x)
        .collect()
}

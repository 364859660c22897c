//! A piece of a function that can live in a function of its own: the rest of one block, from some place to its end.
//!
//! It takes the locals that it reads and gives those it writes, which way it left, and the one value, if any, that it
//! leaves with. Where it cannot be told apart so simply (values of several types, tables of branches that lead out), it
//! stays where it is.

use crate::Outcome;
use crate::outline::{Body, Label};
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Function, Instruction, ValType};
use wasmparser::{FrameKind, Operator};

/// The piece.
pub struct Unit {
    /// Its first operator.
    pub start: usize,
    /// The operator behind its last: an `end` or `else`.
    pub end: usize,
    /// Locals that are handed in.
    pub parameters: Vec<u32>,
    /// Locals that are handed back.
    pub written: Vec<u32>,
    /// Ways to leave it; going on behind its end is the last. Several: a number says which.
    pub exits: Vec<Exit>,
    /// The type of the value that some of them carry.
    pub value: Option<ValType>,
    /// How many blocks are open around it.
    depth: usize,
}

/// A way to leave.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// The label it branches to, counted from the unit's own block; none: on behind its end.
    pub label: Option<u32>,
    /// It carries the value.
    pub carries: bool,
}

impl Unit {
    /// The unit that begins at `start` within the blocks `labels`, if it can be one.
    pub fn new(body: &Body, labels: &[Label], start: usize) -> Option<Self> {
        let depth = labels.len();
        let end = start + body.steps[start..].iter().position(|step| closes(step, depth))?;
        let mut unit =
            Self { start, end, parameters: vec![], written: vec![], exits: vec![], value: None, depth };
        unit.find_exits(body, labels)?;
        unit.find_locals(body, labels);
        Some(unit)
    }

    /// Every way out, or none where one of them is too much to ask.
    fn find_exits(&mut self, body: &Body, labels: &[Label]) -> Option<()> {
        for step in &body.steps[self.start..self.end] {
            let nest = (step.depth - self.depth) as u32;
            match &step.operator {
                Operator::Br { relative_depth } if *relative_depth >= nest => {
                    let label = relative_depth - nest;
                    self.exit_to(label, labels)?;
                }
                Operator::BrIf { relative_depth } if *relative_depth >= nest => {
                    let label = relative_depth - nest;
                    if !carried(labels, label)?.is_empty() {
                        return None;
                    }
                    self.exit_to(label, labels)?;
                }
                Operator::Return => self.exit_to(labels.len() as u32 - 1, labels)?,
                Operator::BrTable { targets } => {
                    let mut targets = targets.targets().chain([Ok(targets.default())]);
                    if targets.any(|target| target.is_ok_and(|target| target >= nest)) {
                        return None;
                    }
                }
                Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. } => return None,
                _ => {}
            }
        }
        if !body.steps[self.end].unreachable {
            self.exit(None, &labels.last()?.results)?;
        }
        Some(())
    }

    fn exit_to(&mut self, label: u32, labels: &[Label]) -> Option<()> {
        self.exit(Some(label), carried(labels, label)?)
    }

    fn exit(&mut self, label: Option<u32>, carries: &[wasmparser::ValType]) -> Option<()> {
        if let Some(&kind) = carries.first() {
            let kind = RoundtripReencoder.val_type(kind).ok()?;
            if carries.len() > 1 || self.value.is_some_and(|value| value != kind) || !has_zero(kind) {
                return None;
            }
            self.value = Some(kind);
        }
        let exit = Exit { label, carries: !carries.is_empty() };
        if !self.exits.contains(&exit) {
            self.exits.push(exit);
        }
        Some(())
    }

    fn find_locals(&mut self, body: &Body, labels: &[Label]) {
        let mut read = BTreeSet::new();
        let mut written = BTreeSet::new();
        // Written before anything else, and whichever way is taken: what it was before does not matter.
        let mut fresh = BTreeSet::new();
        let mut straight = true;
        for step in &body.steps[self.start..self.end] {
            straight &= step.depth == self.depth;
            match step.operator {
                Operator::LocalGet { local_index } if !fresh.contains(&local_index) => {
                    read.insert(local_index);
                }
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                    written.insert(local_index);
                    if straight && !read.contains(&local_index) {
                        fresh.insert(local_index);
                    }
                }
                Operator::BrIf { .. } => straight = false,
                _ => {}
            }
        }
        // Nobody reads locals after the function has returned.
        let returns = |exit: &Exit| exit.label.unwrap_or(0) as usize == labels.len() - 1;
        if !self.exits.iter().all(returns) {
            let around = body.steps[..self.start].iter().chain(&body.steps[self.end..]);
            let read_around: BTreeSet<u32> = around
                .filter_map(|step| match step.operator {
                    Operator::LocalGet { local_index } => Some(local_index),
                    _ => None,
                })
                .collect();
            let again = labels.iter().any(|label| label.kind == FrameKind::Loop);
            self.written = written
                .into_iter()
                .filter(|local| read_around.contains(local) || again && read.contains(local))
                .collect();
        }
        read.extend(self.written.iter().filter(|local| !fresh.contains(local)));
        self.parameters = read.into_iter().collect();
    }

    /// Bytes that the function and the stub of the unit are shorter by than the function was, about.
    pub fn saves(&self, body: &Body) -> usize {
        let long = body.steps[self.end].at - body.steps[self.start].at;
        let site = 2 * self.parameters.len() + 2 * self.written.len() + 9 * self.exits.len() + 3;
        let stub = 2 * self.parameters.len() + 14;
        long.saturating_sub(site + stub)
    }

    /// What its function takes and gives: written locals, the number of the exit, the value.
    pub fn signature(&self, locals: &[wasmparser::ValType]) -> (Vec<ValType>, Vec<ValType>) {
        let kinds = |list: &[u32]| -> Vec<ValType> {
            list.iter()
                .filter_map(|&local| RoundtripReencoder.val_type(locals[local as usize]).ok())
                .collect()
        };
        let mut gives = kinds(&self.written);
        if self.exits.len() > 1 {
            gives.push(ValType::I32);
        }
        gives.extend(self.value);
        (kinds(&self.parameters), gives)
    }

    /// Its function.
    pub fn body(&self, body: &Body) -> Outcome<Function> {
        let mut plain = RoundtripReencoder;
        let steps = &body.steps[self.start..self.end];
        let mut numbers: BTreeMap<u32, u32> = self.parameters.iter().copied().zip(0..).collect();
        let mut locals = Vec::new();
        let mut local = |kind: ValType| {
            locals.push(kind);
            (self.parameters.len() + locals.len() - 1) as u32
        };
        for step in steps {
            if let Operator::LocalGet { local_index }
            | Operator::LocalSet { local_index }
            | Operator::LocalTee { local_index } = step.operator
                && !numbers.contains_key(&local_index)
            {
                numbers.insert(local_index, local(plain.val_type(body.locals[local_index as usize])?));
            }
        }
        let value = self.value.map(&mut local);
        let code = (self.exits.len() > 1).then(|| local(ValType::I32));
        let mut function = Function::new_with_locals_types(locals);
        function.instruction(&Instruction::Block(BlockType::Empty));
        // Leaves by an exit, out of `nest` blocks within the unit.
        let leave = |function: &mut Function, exit: Exit, nest: u32| {
            if let (true, Some(value)) = (exit.carries, value) {
                function.instruction(&Instruction::LocalSet(value));
            }
            let number = self.exits.iter().position(|other| *other == exit).unwrap_or_default();
            if let Some(code) = code {
                function.instruction(&Instruction::I32Const(number as i32));
                function.instruction(&Instruction::LocalSet(code));
            }
            function.instruction(&Instruction::Br(nest));
        };
        for step in steps {
            let nest = (step.depth - self.depth) as u32;
            let to = |label: u32| self.exits.iter().copied().find(|exit| exit.label == Some(label));
            match step.operator {
                Operator::LocalGet { local_index } => {
                    function.instruction(&Instruction::LocalGet(numbers[&local_index]));
                }
                Operator::LocalSet { local_index } => {
                    function.instruction(&Instruction::LocalSet(numbers[&local_index]));
                }
                Operator::LocalTee { local_index } => {
                    function.instruction(&Instruction::LocalTee(numbers[&local_index]));
                }
                Operator::Br { relative_depth } if relative_depth >= nest => {
                    leave(&mut function, to(relative_depth - nest).ok_or("an exit is missing")?, nest);
                }
                Operator::BrIf { relative_depth } if relative_depth >= nest => {
                    function.instruction(&Instruction::If(BlockType::Empty));
                    leave(&mut function, to(relative_depth - nest).ok_or("an exit is missing")?, nest + 1);
                    function.instruction(&Instruction::End);
                }
                Operator::Return => {
                    let label = self.depth as u32 - 1;
                    leave(&mut function, to(label).ok_or("an exit is missing")?, nest);
                }
                ref operator => {
                    function.instruction(&plain.instruction(operator.clone())?);
                }
            }
        }
        if let Some(on) = self.exits.iter().copied().find(|exit| exit.label.is_none()) {
            leave(&mut function, on, 0);
        } else {
            function.instruction(&Instruction::Unreachable);
        }
        function.instruction(&Instruction::End);
        for local in &self.written {
            function.instruction(&Instruction::LocalGet(numbers[local]));
        }
        for local in code.iter().chain(&value) {
            function.instruction(&Instruction::LocalGet(*local));
        }
        function.instruction(&Instruction::End);
        Ok(function)
    }
}

/// Whether the block at `depth` ends here, or its first half does.
fn closes(step: &crate::outline::Step, depth: usize) -> bool {
    step.depth == depth && matches!(step.operator, Operator::End | Operator::Else)
}

/// What a branch to the label carries.
fn carried(labels: &[Label], label: u32) -> Option<&[wasmparser::ValType]> {
    let place = labels.len().checked_sub(1 + label as usize)?;
    Some(&labels[place].carries)
}

/// Whether a local of the type has a value before it is set.
fn has_zero(kind: ValType) -> bool {
    !matches!(kind, ValType::Ref(reference) if !reference.nullable)
}

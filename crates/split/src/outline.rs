//! Moves what a first visit skipped out of the functions that it called, into functions of their own: half of what is in
//! them is for other layers, other data, mistakes.
//!
//! ```text
//! block                                  block
//!   ...                                    ...
//!   br_if 0                                br_if 0
//!   <never reached>            ──>         (what it reads) call $outlined (what it writes, which way it left)
//! end                                    end
//! ```
//!
//! What is moved is the rest of one block from a place that was never reached. The loops of the arithmetic are left whole:
//! other networks spend their time in what this one skipped.

use crate::Outcome;
use crate::module::Module;
use crate::regions::Marks;
use crate::sections::Sections;
use crate::unit::{Exit, Unit};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Function, Instruction, ValType};
use wasmparser::{
    FrameKind, FuncValidator, FuncValidatorAllocations, Operator, ValidPayload, Validator,
    ValidatorResources, WasmFeatures,
};

/// Bytes that moving must save.
const WORTH: usize = 40;
/// The same where SIMD lanes are computed with: whole loops go, never a part of one.
const WORTH_IN_KERNELS: usize = 300;

/// A module with what was skipped in functions of their own, and for each of its functions whether it was called.
pub struct Outlined {
    pub bytes: Vec<u8>,
    pub called: Vec<bool>,
}

/// One operator with what the validator knows before it.
pub struct Step<'a> {
    pub operator: Operator<'a>,
    /// Byte of the module where it begins.
    pub at: usize,
    /// Values on the stack that were pushed within the innermost block.
    pub height: usize,
    /// How many blocks are open, the function's own included.
    pub depth: usize,
    /// Nothing leads here.
    pub unreachable: bool,
}

/// A function taken apart.
pub struct Body<'a> {
    pub steps: Vec<Step<'a>>,
    /// Types of parameters and locals.
    pub locals: Vec<wasmparser::ValType>,
    /// What the function gives back.
    pub results: Vec<wasmparser::ValType>,
}

/// A block that is open: where a branch to it leads, and with what.
#[derive(Clone, Debug)]
pub struct Label {
    pub kind: FrameKind,
    /// Types of the values that a branch to it carries.
    pub carries: Vec<wasmparser::ValType>,
    /// Types of the values that its end leaves.
    pub results: Vec<wasmparser::ValType>,
}

/// Moves what is worth moving.
pub fn outline(bytes: &[u8], marks: &[u8]) -> Outcome<Outlined> {
    let module = Module::parse(bytes)?;
    let mut marks = Marks::new(marks);
    let mut sections = Sections::around(&module, &mut RoundtripReencoder)?;
    let mut types = Types::new(&module)?;
    let mut called = Vec::new();
    let mut moved = Vec::new();
    let mut allocations = FuncValidatorAllocations::default();
    let first = module.functions.len() as u32;
    for function in functions(bytes)? {
        let (function, body) = function;
        let reached = marks.next(&body)?;
        let kind = function.ty;
        let mut validator = function.into_validator(allocations);
        let parts = taken_apart(&module, &mut validator, &body, kind)?;
        allocations = validator.into_allocations();
        let is_called = reached[0] == Some(true);
        let units = if is_called { units(&module, &parts, &reached)? } else { Vec::new() };
        for unit in &units {
            let (parameters, results) = unit.signature(&parts.locals);
            moved.push((types.of(&mut sections, parameters, results), unit.body(&parts)?));
        }
        let next = first + moved.len() as u32 - units.len() as u32;
        sections.functions.function(kind);
        sections.code.function(&rewritten(&module, kind, &parts, &units, next)?);
        called.push(is_called);
    }
    if !marks.are_used_up() {
        return Err("there are more marks than regions".into());
    }
    for (kind, body) in moved {
        sections.functions.function(kind);
        sections.code.function(&body);
        called.push(false);
    }
    let bytes = sections.finish();
    Validator::new_with_features(WasmFeatures::all()).validate_all(&bytes)?;
    Ok(Outlined { bytes, called })
}

type Checked<'a> = (wasmparser::FuncToValidate<ValidatorResources>, wasmparser::FunctionBody<'a>);

fn functions(bytes: &[u8]) -> Outcome<Vec<Checked<'_>>> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut functions = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        if let ValidPayload::Func(function, body) = validator.payload(&payload?)? {
            functions.push((function, body));
        }
    }
    Ok(functions)
}

fn taken_apart<'a>(
    module: &Module,
    validator: &mut FuncValidator<ValidatorResources>,
    body: &wasmparser::FunctionBody<'a>,
    kind: u32,
) -> Outcome<Body<'a>> {
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let locals = (0..validator.len_locals()).filter_map(|local| validator.get_local_type(local)).collect();
    let mut steps = Vec::new();
    for pair in body.get_operators_reader()?.into_iter_with_offsets() {
        let (operator, at) = pair?;
        let frame = validator.get_control_frame(0).ok_or("an operator behind the end of its function")?;
        steps.push(Step {
            operator: operator.clone(),
            at,
            height: (validator.operand_stack_height() as usize).saturating_sub(frame.height),
            depth: validator.control_stack_height() as usize,
            unreachable: frame.unreachable,
        });
        validator.op(at, &operator)?;
    }
    Ok(Body { steps, locals, results: module.results[kind as usize].clone() })
}

/// What can be moved out of a function, from front to back, none within another.
fn units(module: &Module, body: &Body, reached: &[Option<bool>]) -> Outcome<Vec<Unit>> {
    let computes = body.steps.iter().any(|step| is_arithmetic(&step.operator));
    let mut labels =
        vec![Label { kind: FrameKind::Block, carries: body.results.clone(), results: body.results.clone() }];
    let mut units: Vec<Unit> = Vec::new();
    for (start, step) in body.steps.iter().enumerate() {
        let is_free = units.last().is_none_or(|unit| unit.end <= start);
        if is_free && reached[start] == Some(false) && !step.unreachable && step.height == 0 {
            let loops = labels.iter().any(|label| label.kind == FrameKind::Loop);
            let least = match (computes, loops) {
                (false, _) => WORTH,
                (true, false) => WORTH_IN_KERNELS,
                (true, true) => usize::MAX,
            };
            units.extend(Unit::new(body, &labels, start).filter(|unit| unit.saves(body) >= least));
        }
        match &step.operator {
            Operator::Block { blockty } => labels.push(Label::of(module, FrameKind::Block, *blockty)),
            Operator::If { blockty } => labels.push(Label::of(module, FrameKind::If, *blockty)),
            Operator::Loop { blockty } => labels.push(Label::of(module, FrameKind::Loop, *blockty)),
            Operator::End => {
                labels.pop();
            }
            _ => {}
        }
    }
    Ok(units)
}

/// Whether it computes with four numbers at once. Copying them does not count: compilers do that with any 16 bytes.
fn is_arithmetic(operator: &Operator) -> bool {
    let name = format!("{operator:?}");
    name.starts_with("F32x4") || name.starts_with("F64x2")
}

impl Label {
    fn of(module: &Module, kind: FrameKind, block: wasmparser::BlockType) -> Self {
        let (parameters, results) = match block {
            wasmparser::BlockType::Empty => (vec![], vec![]),
            wasmparser::BlockType::Type(result) => (vec![], vec![result]),
            wasmparser::BlockType::FuncType(number) => {
                (module.takes[number as usize].clone(), module.results[number as usize].clone())
            }
        };
        let carries = if kind == FrameKind::Loop { parameters } else { results.clone() };
        Self { kind, carries, results }
    }
}

/// The function without its units, which are called: the first of them has the number `next`.
fn rewritten(module: &Module, kind: u32, body: &Body, units: &[Unit], next: u32) -> Outcome<Function> {
    let mut plain = RoundtripReencoder;
    let parameters = module.takes[kind as usize].len();
    let mut locals: Vec<ValType> =
        body.locals[parameters..].iter().map(|&local| plain.val_type(local)).collect::<Result<_, _>>()?;
    let mut spares = Spares { values: Vec::new(), code: 0 };
    for value in units.iter().filter_map(|unit| unit.value) {
        if !spares.values.iter().any(|&(kind, _)| kind == value) {
            spares.values.push((value, (parameters + locals.len()) as u32));
            locals.push(value);
        }
    }
    if units.iter().any(|unit| unit.exits.len() > 1) {
        spares.code = (parameters + locals.len()) as u32;
        locals.push(ValType::I32);
    }
    let mut function = Function::new_with_locals_types(locals);
    let mut units = units.iter().zip(next..).peekable();
    let mut skip = 0;
    for (number, step) in body.steps.iter().enumerate() {
        if let Some((unit, callee)) = units.next_if(|(unit, _)| unit.start == number) {
            call(&mut function, unit, callee, &spares);
            skip = unit.end;
        }
        if number >= skip {
            function.instruction(&plain.instruction(step.operator.clone())?);
        }
    }
    Ok(function)
}

/// Locals of the function that only calls of units use.
struct Spares {
    /// For the values that units leave with, by type.
    values: Vec<(ValType, u32)>,
    /// For the number of the exit.
    code: u32,
}

/// What stands where a unit was.
fn call(function: &mut Function, unit: &Unit, callee: u32, spares: &Spares) {
    let value = spares.values.iter().find(|(kind, _)| Some(*kind) == unit.value).map(|&(_, local)| local);
    for &local in &unit.parameters {
        function.instruction(&Instruction::LocalGet(local));
    }
    function.instruction(&Instruction::Call(callee));
    if let Some(value) = value {
        function.instruction(&Instruction::LocalSet(value));
    }
    if unit.exits.len() > 1 {
        function.instruction(&Instruction::LocalSet(spares.code));
    }
    for &local in unit.written.iter().rev() {
        function.instruction(&Instruction::LocalSet(local));
    }
    let leave = |function: &mut Function, exit: &Exit, inside: u32| {
        if let (true, Some(value)) = (exit.carries, value) {
            function.instruction(&Instruction::LocalGet(value));
        }
        if let Some(label) = exit.label {
            function.instruction(&Instruction::Br(label + inside));
        }
    };
    let Some((last, others)) = unit.exits.split_last() else {
        function.instruction(&Instruction::Unreachable);
        return;
    };
    for (code, exit) in others.iter().enumerate() {
        function.instruction(&Instruction::LocalGet(spares.code));
        function.instruction(&Instruction::I32Const(code as i32));
        function.instruction(&Instruction::I32Eq);
        function.instruction(&Instruction::If(BlockType::Empty));
        leave(function, exit, 1);
        function.instruction(&Instruction::End);
    }
    leave(function, last, 0);
}

/// Types by what they take and give, the module's own and those that outlined functions need besides.
struct Types {
    known: Vec<(Vec<ValType>, Vec<ValType>)>,
}

impl Types {
    fn new(module: &Module) -> Outcome<Self> {
        let encoded = |kinds: &Vec<wasmparser::ValType>| -> Result<Vec<ValType>, _> {
            kinds.iter().map(|&kind| RoundtripReencoder.val_type(kind)).collect()
        };
        let mut known = Vec::new();
        for (takes, gives) in module.takes.iter().zip(&module.results) {
            known.push((encoded(takes)?, encoded(gives)?));
        }
        Ok(Self { known })
    }

    fn of(&mut self, sections: &mut Sections, takes: Vec<ValType>, gives: Vec<ValType>) -> u32 {
        let kind = (takes, gives);
        let known = self.known.iter().position(|other| *other == kind);
        known.unwrap_or_else(|| {
            sections.types.ty().function(kind.0.iter().copied(), kind.1.iter().copied());
            self.known.push(kind);
            self.known.len() - 1
        }) as u32
    }
}

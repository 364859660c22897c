//! Two modules from one.
//!
//! ```text
//!            FIRST                                              REST
//!  f calls g: call stub_g                                       (start) ready = 1
//!  stub_g:    call ensure ──> ready? no: call __load_rest ────> instantiated with FIRST's exports
//!             call_indirect $far[slot of g] ──────────────────> g
//!                                                               g calls f: an import
//! ```
//!
//! Tables hold stubs, so that an address of a function means the same on both sides.

use crate::module::{Module, Uses};
use crate::sections::Sections;
use crate::{LOADER, Outcome};
use std::collections::BTreeSet;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    ConstExpr, Elements, EntityType, ExportKind, Function, GlobalType, Instruction, RefType, TableType,
    ValType,
};
use wasmparser::ExternalKind;

/// A body of so few bytes is no longer than the stub that would stand for it.
const SMALL: usize = 20;
/// How names of exports begin that wasm-bindgen's glue calls of itself.
const GLUE: &str = "__wb";
/// The module name of REST's imports.
const FIRST: &str = "first";

/// Both modules. `called`: for each body whether FIRST should have it. It has more: what loading needs, what the glue calls
/// when it likes (an object was collected, a string is longer than it looked), what names segments, what is smaller than a
/// stub, and the exports `kept` with all that they call by name.
pub fn split(module: &Module, called: &[bool], kept: &[&str]) -> Outcome<(Vec<u8>, Vec<u8>)> {
    let uses = module.uses()?;
    let near = near(module, called, &uses, kept)?;
    let plan = Plan::new(module, &near, &uses)?;
    Ok((first(module, &plan)?, rest(module, &plan)?))
}

/// Whether FIRST has each body.
fn near(module: &Module, called: &[bool], uses: &[Uses], kept: &[&str]) -> Outcome<Vec<bool>> {
    let loader = module.exported(LOADER).ok_or_else(|| format!("the module exports no {LOADER}"))?;
    let mut near: Vec<bool> = module
        .bodies
        .iter()
        .zip(called)
        .zip(uses)
        .map(|((body, &called), uses)| called || uses.segments || body.range().len() <= SMALL)
        .collect();
    for export in &module.exports {
        if export.kind == ExternalKind::Func
            && export.name.starts_with(GLUE)
            && let Some(number) = export.index.checked_sub(module.imported)
        {
            near[number as usize] = true;
        }
    }
    // A stub on the way to loading would load for ever.
    let mut open: Vec<u32> = [Some(loader), module.start].into_iter().flatten().collect();
    for name in kept {
        open.push(module.exported(name).ok_or_else(|| format!("the module exports no {name}"))?);
    }
    let mut seen = BTreeSet::new();
    while let Some(function) = open.pop() {
        if let Some(number) = function.checked_sub(module.imported)
            && seen.insert(function)
        {
            near[number as usize] = true;
            open.extend(&uses[number as usize].functions);
        }
    }
    Ok(near)
}

/// Which function is where, under which number.
struct Plan {
    /// Bodies of FIRST, by their number as functions of the old module.
    near: Vec<u32>,
    /// Functions of REST that FIRST names: each has a stub, and its place here is its slot of the far table.
    stubs: Vec<u32>,
    /// Bodies of REST.
    far: Vec<u32>,
    /// What REST takes from FIRST: functions, globals, tables, by their old numbers.
    shared: Uses,
    /// The numbers in FIRST of all functions it has or has a stub for.
    first: Vec<Option<u32>>,
    /// The number of `ensure` in FIRST.
    ensure: u32,
}

impl Plan {
    fn new(module: &Module, is_near: &[bool], uses: &[Uses]) -> Outcome<Self> {
        let number = |function: u32| function.checked_sub(module.imported).map(|body| body as usize);
        let is_far = |function: u32| number(function).is_some_and(|body| !is_near[body]);
        let mut near = Vec::new();
        let mut far = Vec::new();
        let mut named = outside_code(module)?;
        let mut shared = Uses::default();
        for (body, uses) in uses.iter().enumerate() {
            let function = module.imported + body as u32;
            if is_near[body] {
                near.push(function);
                named.extend(&uses.functions);
            } else {
                far.push(function);
                shared.functions.extend(uses.functions.iter().filter(|&&used| !is_far(used)));
                shared.globals.extend(&uses.globals);
                shared.tables.extend(&uses.tables);
            }
        }
        // Those that REST takes lie side by side and in their order, so that the list of their names and numbers compresses.
        near.sort_by_key(|function| !shared.functions.contains(function));
        let stubs: Vec<u32> = named.into_iter().filter(|&function| is_far(function)).collect();
        let mut first = vec![None; module.functions.len()];
        let mut next = 0;
        for function in (0..module.imported).chain(near.iter().copied()).chain(stubs.iter().copied()) {
            first[function as usize] = Some(next);
            next += 1;
        }
        Ok(Self { near, stubs, far, shared, first, ensure: next })
    }
}

/// Functions named by exports, elements and globals.
fn outside_code(module: &Module) -> Outcome<BTreeSet<u32>> {
    let mut uses = Uses::default();
    Sections::around(module, &mut uses)?;
    Ok(uses.functions)
}

fn first(module: &Module, plan: &Plan) -> Outcome<Vec<u8>> {
    let mut numbers = Numbers { functions: plan.first.clone(), globals: None, tables: None };
    let mut sections = Sections::around(module, &mut numbers)?;
    let loader = module.exported(LOADER).and_then(|loader| plan.first[loader as usize]);
    let loader = loader.ok_or("the loader has no number")?;
    let ready = module.global_types.len() as u32;
    let far = module.table_types.len() as u32;
    sections.globals.global(READY, &ConstExpr::i32_const(0));
    sections.tables.table(far_table(plan));

    for &function in &plan.near {
        sections.functions.function(module.functions[function as usize]);
        numbers.parse_function_body(&mut sections.code, module.body(function).clone())?;
    }
    for (slot, &function) in plan.stubs.iter().enumerate() {
        let kind = module.functions[function as usize];
        sections.functions.function(kind);
        let mut stub = Function::new([]);
        stub.instruction(&Instruction::Call(plan.ensure));
        for parameter in 0..module.parameters_of(function) {
            stub.instruction(&Instruction::LocalGet(parameter));
        }
        stub.instruction(&Instruction::I32Const(slot as i32));
        stub.instruction(&Instruction::CallIndirect { type_index: kind, table_index: far });
        stub.instruction(&Instruction::End);
        sections.code.function(&stub);
    }
    sections.functions.function(module.nothing);
    let mut ensure = Function::new([]);
    ensure.instruction(&Instruction::GlobalGet(ready));
    ensure.instruction(&Instruction::I32Eqz);
    ensure.instruction(&Instruction::If(wasm_encoder::BlockType::Empty));
    ensure.instruction(&Instruction::Call(loader));
    ensure.instruction(&Instruction::End);
    ensure.instruction(&Instruction::End);
    sections.code.function(&ensure);

    let exports = &mut sections.exports;
    exports.export(SLOTS_NAME, ExportKind::Table, far);
    exports.export(READY_NAME, ExportKind::Global, ready);
    if exported_memory(module).is_none() {
        exports.export(MEMORY_NAME, ExportKind::Memory, 0);
    }
    for (place, &function) in (0..).zip(&plan.shared.functions) {
        let number = plan.first[function as usize].ok_or("a function that REST takes is not in FIRST")?;
        exports.export(&name('f', place), ExportKind::Func, number);
    }
    for (place, &global) in (0..).zip(&plan.shared.globals) {
        exports.export(&name('g', place), ExportKind::Global, global);
    }
    for (place, &table) in (0..).zip(&plan.shared.tables) {
        exports.export(&name('t', place), ExportKind::Table, table);
    }
    Ok(sections.finish())
}

fn rest(module: &Module, plan: &Plan) -> Outcome<Vec<u8>> {
    let mut plain = RoundtripReencoder;
    let mut sections = Sections { types: module.types.clone(), ..Sections::default() };
    let imports = &mut sections.imports;
    let memory = exported_memory(module).unwrap_or(MEMORY_NAME);
    imports.import(FIRST, memory, EntityType::Memory(plain.memory_type(module.memory)?));
    imports.import(FIRST, SLOTS_NAME, EntityType::Table(far_table(plan)));
    imports.import(FIRST, READY_NAME, EntityType::Global(READY));
    let mut numbers = Numbers {
        functions: vec![None; module.functions.len()],
        globals: Some(vec![None; module.global_types.len()]),
        tables: Some(vec![None; module.table_types.len()]),
    };
    let (mut functions, mut globals, mut tables) = (0, 1, 1);
    for (place, &function) in (0..).zip(&plan.shared.functions) {
        imports.import(FIRST, &name('f', place), EntityType::Function(module.functions[function as usize]));
        numbers.functions[function as usize] = Some(functions);
        functions += 1;
    }
    for (place, &global) in (0..).zip(&plan.shared.globals) {
        let kind = plain.global_type(module.global_types[global as usize])?;
        imports.import(FIRST, &name('g', place), EntityType::Global(kind));
        numbers.globals.get_or_insert_default()[global as usize] = Some(globals);
        globals += 1;
    }
    for (place, &table) in (0..).zip(&plan.shared.tables) {
        let kind = plain.table_type(module.table_types[table as usize])?;
        imports.import(FIRST, &name('t', place), EntityType::Table(kind));
        numbers.tables.get_or_insert_default()[table as usize] = Some(tables);
        tables += 1;
    }
    for &function in &plan.far {
        numbers.functions[function as usize] = Some(functions);
        sections.functions.function(module.functions[function as usize]);
        functions += 1;
    }
    for &function in &plan.far {
        numbers.parse_function_body(&mut sections.code, module.body(function).clone())?;
    }
    sections.functions.function(module.nothing);
    sections.start = Some(functions);
    let mut start = Function::new([]);
    start.instruction(&Instruction::I32Const(1));
    start.instruction(&Instruction::GlobalSet(0));
    start.instruction(&Instruction::End);
    sections.code.function(&start);
    let slots: Vec<u32> =
        plan.stubs.iter().map(|&function| numbers.function_index(function)).collect::<Result<_, _>>()?;
    sections.elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(slots.into()));
    Ok(sections.finish())
}

/// 1 when REST is there.
const READY: GlobalType = GlobalType { val_type: ValType::I32, mutable: true, shared: false };

/// A slot for every stub.
fn far_table(plan: &Plan) -> TableType {
    let slots = plan.stubs.len() as u64;
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: slots,
        maximum: Some(slots),
        shared: false,
    }
}

fn exported_memory<'a>(module: &Module<'a>) -> Option<&'a str> {
    module.exports.iter().find(|export| export.kind == ExternalKind::Memory).map(|export| export.name)
}

/// What FIRST gives to REST besides functions, globals and tables of the old module. No name in Rust begins with a dash, and
/// [`name`] makes none of these.
const SLOTS_NAME: &str = "-slots";
const READY_NAME: &str = "-ready";
const MEMORY_NAME: &str = "-memory";

/// The short name under which FIRST gives something to REST, the one at this place: there are hundreds, which differ from
/// the one before in their end, so that they compress.
fn name(kind: char, place: u32) -> String {
    format!("-{kind}{place:x}")
}

/// New numbers for old ones; without a list, the same.
struct Numbers {
    functions: Vec<Option<u32>>,
    globals: Option<Vec<Option<u32>>>,
    tables: Option<Vec<Option<u32>>>,
}

/// Something is named that this module does not have: a mistake of this program's.
#[derive(Debug)]
struct Missing(&'static str, u32);

impl std::fmt::Display for Missing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{} {} has no place in this half", self.0, self.1)
    }
}

impl std::error::Error for Missing {}

impl Reencode for Numbers {
    type Error = Missing;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Missing>> {
        self.functions[function as usize].ok_or(Error::UserError(Missing("function", function)))
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<Missing>> {
        let Some(globals) = &self.globals else { return Ok(global) };
        globals[global as usize].ok_or(Error::UserError(Missing("global", global)))
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<Missing>> {
        let Some(tables) = &self.tables else { return Ok(table) };
        tables[table as usize].ok_or(Error::UserError(Missing("table", table)))
    }
}

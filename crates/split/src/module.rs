//! A module in its parts, and what each of its functions uses.

use crate::Outcome;
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::CodeSection;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{
    Data, Element, Export, ExternalKind, FunctionBody, Global, Import, MemoryType, Parser, Payload, Table,
    TableType, TypeRef, ValType,
};

/// Sections as they were read, but for custom ones: those of tools (names, producers) nobody downloads, the others are
/// REST's ([`crate::customs`]).
pub struct Module<'a> {
    /// The type section, untouched: every module made from this one has the same types under the same numbers.
    pub types: wasm_encoder::TypeSection,
    /// The number of a type that takes and gives nothing.
    pub nothing: u32,
    /// What each type takes.
    pub takes: Vec<Vec<ValType>>,
    /// What each type gives.
    pub results: Vec<Vec<ValType>>,
    /// Imports.
    pub imports: Vec<Import<'a>>,
    /// The type of every function, imported ones first.
    pub functions: Vec<u32>,
    /// How many of the functions are imported.
    pub imported: u32,
    /// Tables of its own.
    pub tables: Vec<Table<'a>>,
    /// Every table's type, imported ones first.
    pub table_types: Vec<TableType>,
    /// The memory.
    pub memory: MemoryType,
    /// Whether the memory is imported.
    pub memory_imported: bool,
    /// Globals of its own.
    pub globals: Vec<Global<'a>>,
    /// Every global's type, imported ones first.
    pub global_types: Vec<wasmparser::GlobalType>,
    /// Exports.
    pub exports: Vec<Export<'a>>,
    /// The function that runs at instantiation.
    pub start: Option<u32>,
    /// Elements.
    pub elements: Vec<Element<'a>>,
    /// How many data segments are announced to the code.
    pub data_count: Option<u32>,
    /// Data segments.
    pub data: Vec<Data<'a>>,
    /// Bodies of the functions that are not imported.
    pub bodies: Vec<FunctionBody<'a>>,
}

/// What a function's body names.
#[derive(Default)]
pub struct Uses {
    /// Functions it calls or takes the address of.
    pub functions: BTreeSet<u32>,
    /// Globals.
    pub globals: BTreeSet<u32>,
    /// Tables.
    pub tables: BTreeSet<u32>,
    /// It names data or element segments, which only their own module can.
    pub segments: bool,
}

impl<'a> Module<'a> {
    /// Reads the bytes. Refuses what the engine's modules never have: several memories, tags.
    pub fn parse(bytes: &'a [u8]) -> Outcome<Self> {
        let mut module = Module::empty();
        let mut memories = 0;
        let mut plain = wasm_encoder::reencode::RoundtripReencoder;
        let mut nothing = None;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(section) => {
                    for (number, kind) in section.clone().into_iter_err_on_gc_types().enumerate() {
                        let kind = kind?;
                        module.takes.push(kind.params().to_vec());
                        module.results.push(kind.results().to_vec());
                        if kind.params().is_empty() && kind.results().is_empty() {
                            nothing = Some(number as u32);
                        }
                    }
                    plain.parse_type_section(&mut module.types, section)?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        module.import(import?)?;
                        memories = u32::from(module.memory_imported);
                    }
                }
                Payload::FunctionSection(section) => {
                    for function in section {
                        module.functions.push(function?);
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        let table = table?;
                        module.table_types.push(table.ty);
                        module.tables.push(table);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        module.memory = memory?;
                        memories += 1;
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        let global = global?;
                        module.global_types.push(global.ty);
                        module.globals.push(global);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        module.exports.push(export?);
                    }
                }
                Payload::StartSection { func, .. } => module.start = Some(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        module.elements.push(element?);
                    }
                }
                Payload::DataCountSection { count, .. } => module.data_count = Some(count),
                Payload::DataSection(section) => {
                    for data in section {
                        module.data.push(data?);
                    }
                }
                Payload::CodeSectionEntry(body) => module.bodies.push(body),
                Payload::TagSection(_) => return Err("tags are not known here".into()),
                _ => {}
            }
        }
        if memories != 1 {
            return Err(format!("expected one memory, found {memories}").into());
        }
        module.nothing = match nothing {
            Some(number) => number,
            None => {
                module.types.ty().function([], []);
                module.takes.push(Vec::new());
                module.results.push(Vec::new());
                module.types.len() - 1
            }
        };
        Ok(module)
    }

    fn empty() -> Self {
        Self {
            types: wasm_encoder::TypeSection::new(),
            nothing: 0,
            takes: Vec::new(),
            results: Vec::new(),
            imports: Vec::new(),
            functions: Vec::new(),
            imported: 0,
            tables: Vec::new(),
            table_types: Vec::new(),
            memory: MemoryType {
                memory64: false,
                shared: false,
                initial: 0,
                maximum: None,
                page_size_log2: None,
            },
            memory_imported: false,
            globals: Vec::new(),
            global_types: Vec::new(),
            exports: Vec::new(),
            start: None,
            elements: Vec::new(),
            data_count: None,
            data: Vec::new(),
            bodies: Vec::new(),
        }
    }

    fn import(&mut self, import: Import<'a>) -> Outcome {
        match import.ty {
            TypeRef::Func(kind) => {
                self.functions.push(kind);
                self.imported += 1;
            }
            TypeRef::Table(table) => self.table_types.push(table),
            TypeRef::Memory(memory) => {
                self.memory = memory;
                self.memory_imported = true;
            }
            TypeRef::Global(global) => self.global_types.push(global),
            _ => return Err(format!("an import of another kind: {}", import.name).into()),
        }
        self.imports.push(import);
        Ok(())
    }

    /// How many values a function takes.
    pub fn parameters_of(&self, function: u32) -> u32 {
        self.takes[self.functions[function as usize] as usize].len() as u32
    }

    /// The body of a function that is not imported.
    pub fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.bodies[(function - self.imported) as usize]
    }

    /// The function that is exported under the name.
    pub fn exported(&self, name: &str) -> Option<u32> {
        let export = self.exports.iter().find(|export| export.name == name)?;
        (export.kind == ExternalKind::Func).then_some(export.index)
    }

    /// What each body uses, in the order of the bodies.
    pub fn uses(&self) -> Outcome<Vec<Uses>> {
        self.bodies
            .iter()
            .map(|body| Uses::of(|uses| uses.parse_function_body(&mut CodeSection::new(), body.clone())))
            .collect()
    }
}

impl Uses {
    /// What is named while `read` reads.
    pub fn of(read: impl FnOnce(&mut Self) -> Result<(), Error<Infallible>>) -> Outcome<Self> {
        let mut uses = Uses::default();
        read(&mut uses)?;
        Ok(uses)
    }
}

/// Read as if to write it again, and only listened to.
impl Reencode for Uses {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        self.functions.insert(function);
        Ok(function)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<Infallible>> {
        self.globals.insert(global);
        Ok(global)
    }

    fn table_index(&mut self, table: u32) -> Result<u32, Error<Infallible>> {
        self.tables.insert(table);
        Ok(table)
    }

    fn data_index(&mut self, data: u32) -> Result<u32, Error<Infallible>> {
        self.segments = true;
        Ok(data)
    }

    fn element_index(&mut self, element: u32) -> Result<u32, Error<Infallible>> {
        self.segments = true;
        Ok(element)
    }
}

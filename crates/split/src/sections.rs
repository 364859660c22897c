//! The sections of a module under way: those of the one that was read, with whatever numbers and types a [`Reencode`]
//! gives them, open to additions until they are put together.

use crate::Outcome;
use crate::module::Module;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportSection, FunctionSection,
    GlobalSection, ImportSection, MemorySection, StartSection, TableSection, TypeSection,
};

/// In the order in which they are written.
#[derive(Default)]
pub struct Sections {
    pub types: TypeSection,
    pub imports: ImportSection,
    pub functions: FunctionSection,
    pub tables: TableSection,
    pub memories: MemorySection,
    pub globals: GlobalSection,
    pub exports: ExportSection,
    pub start: Option<u32>,
    pub elements: ElementSection,
    pub data_count: Option<u32>,
    pub code: CodeSection,
    pub data: DataSection,
}

impl Sections {
    /// All but functions and their code.
    pub fn around<R>(module: &Module, how: &mut R) -> Outcome<Self>
    where
        R: Reencode<Error: std::error::Error + 'static>,
    {
        let mut sections =
            Sections { types: module.types.clone(), data_count: module.data_count, ..Self::default() };
        for import in &module.imports {
            sections.imports.import(import.module, import.name, how.entity_type(import.ty)?);
        }
        for table in &module.tables {
            how.parse_table(&mut sections.tables, table.clone())?;
        }
        if !module.memory_imported {
            sections.memories.memory(how.memory_type(module.memory)?);
        }
        for global in &module.globals {
            how.parse_global(&mut sections.globals, global.clone())?;
        }
        for export in &module.exports {
            how.parse_export(&mut sections.exports, *export)?;
        }
        for element in &module.elements {
            how.parse_element(&mut sections.elements, element.clone())?;
        }
        for segment in &module.data {
            how.parse_data(&mut sections.data, segment.clone())?;
        }
        if let Some(start) = module.start {
            sections.start = Some(how.function_index(start)?);
        }
        Ok(sections)
    }

    /// The module.
    pub fn finish(self) -> Vec<u8> {
        let mut module = wasm_encoder::Module::new();
        module.section(&self.types).section(&self.imports).section(&self.functions).section(&self.tables);
        if !self.memories.is_empty() {
            module.section(&self.memories);
        }
        module.section(&self.globals).section(&self.exports);
        if let Some(function_index) = self.start {
            module.section(&StartSection { function_index });
        }
        module.section(&self.elements);
        if let Some(count) = self.data_count {
            module.section(&DataCountSection { count });
        }
        module.section(&self.code);
        if !self.data.is_empty() {
            module.section(&self.data);
        }
        module.finish()
    }
}

//! A module that notes which of its regions are reached: a byte each, in memory that nobody else uses.

use crate::Outcome;
use crate::module::Module;
use crate::regions;
use crate::sections::Sections;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{Function, Instruction, MemArg, MemoryType, ValType};
use wasmparser::{FunctionBody, Operator};

const PAGE: u64 = 65_536;

/// The module, and where its marks are.
pub struct Marked {
    pub bytes: Vec<u8>,
    /// Address of the first mark.
    pub address: u64,
    /// How many there are.
    pub marks: usize,
    /// Pages its memory must begin with, which whoever makes an imported memory must know.
    pub pages: u64,
}

/// Makes it. The marks lie behind the memory that the module begins with, which Rust's allocator never touches: it takes
/// what `memory.grow` gives.
pub fn marked(module: &Module) -> Outcome<Marked> {
    let begins: Vec<Vec<bool>> = module.bodies.iter().map(regions::begins).collect::<Outcome<_>>()?;
    let marks = begins.iter().flatten().filter(|&&begins| begins).count();
    let address = module.memory.initial * PAGE;
    let mut longer = Longer { pages: (marks as u64).div_ceil(PAGE) };
    let mut sections = Sections::around(module, &mut longer)?;
    let mut next = address;
    for (number, (body, begins)) in module.bodies.iter().zip(&begins).enumerate() {
        let function = module.imported + number as u32;
        sections.functions.function(module.functions[function as usize]);
        let parameters = module.parameters_of(function);
        sections.code.function(&marking(body, begins, parameters, &mut next, &mut longer)?);
    }
    Ok(Marked { bytes: sections.finish(), address, marks, pages: module.memory.initial + longer.pages })
}

/// All as it was, but for more memory at the beginning.
struct Longer {
    pages: u64,
}

impl Reencode for Longer {
    type Error = Infallible;

    fn memory_type(&mut self, memory: wasmparser::MemoryType) -> Result<MemoryType, Error<Infallible>> {
        let minimum = memory.initial + self.pages;
        Ok(MemoryType {
            minimum,
            maximum: memory.maximum.map(|maximum| maximum.max(minimum)),
            memory64: memory.memory64,
            shared: memory.shared,
            page_size_log2: memory.page_size_log2,
        })
    }
}

/// The function, which writes 1 to the next address wherever a region begins. Relaxed instructions become the plain ones
/// they stand for: the module is run by whatever node there is, and old ones do not know them.
fn marking(
    body: &FunctionBody,
    begins: &[bool],
    parameters: u32,
    next: &mut u64,
    how: &mut Longer,
) -> Outcome<Function> {
    let mut locals = Vec::new();
    let mut spare = parameters;
    for pair in body.get_locals_reader()? {
        let (count, kind) = pair?;
        locals.push((count, how.val_type(kind)?));
        spare += count;
    }
    locals.push((1, ValType::V128));
    let mut function = Function::new(locals);
    for (operator, &begins) in body.get_operators_reader()?.into_iter().zip(begins) {
        if begins {
            function.instruction(&Instruction::I32Const(*next as i32));
            function.instruction(&Instruction::I32Const(1));
            function.instruction(&Instruction::I32Store8(MemArg { offset: 0, align: 0, memory_index: 0 }));
            *next += 1;
        }
        match operator? {
            Operator::F32x4RelaxedMadd => {
                function.instruction(&Instruction::LocalSet(spare));
                function.instruction(&Instruction::F32x4Mul);
                function.instruction(&Instruction::LocalGet(spare));
                function.instruction(&Instruction::F32x4Add);
            }
            Operator::F32x4RelaxedMin => {
                function.instruction(&Instruction::F32x4Min);
            }
            Operator::F32x4RelaxedMax => {
                function.instruction(&Instruction::F32x4Max);
            }
            Operator::I32x4RelaxedLaneselect => {
                function.instruction(&Instruction::V128Bitselect);
            }
            other => {
                let name = format!("{other:?}");
                if name.contains("Relaxed") {
                    return Err(format!("mark.rs does not say what {name} stands for").into());
                }
                function.instruction(&how.instruction(other)?);
            }
        }
    }
    Ok(function)
}

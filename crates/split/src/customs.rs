//! Custom sections: bytes that a module carries and does not run. Who wants them asks for them by name
//! (`WebAssembly.Module.customSections`).

use crate::Outcome;
use wasm_encoder::{CustomSection, Section};
use wasmparser::{KnownCustom, Parser, Payload};

/// What compilers write for tools that read no module of this program's.
const FOR_TOOLS: [&str; 2] = ["target_features", "sourceMappingURL"];

/// Puts the custom sections of `whole` behind the module `half`, but for those that are meant for tools.
pub fn append(whole: &[u8], half: &mut Vec<u8>) -> Outcome {
    for payload in Parser::new(0).parse_all(whole) {
        let Payload::CustomSection(section) = payload? else { continue };
        let name = section.name();
        let is_for_tools = FOR_TOOLS.contains(&name)
            || name.starts_with(".debug_")
            || !matches!(section.as_known(), KnownCustom::Unknown);
        if !is_for_tools {
            CustomSection { name: name.into(), data: section.data().into() }.append_to(half);
        }
    }
    Ok(())
}

//! What is sent with a file. A host that serves the page should send the same.
//!
//! * Isolation (COOP, COEP, CORP) gives the page shared memory, and so threads.
//! * The policy lets nothing in or out but files of the same origin. It goes with worker scripts too: workers do not
//!   inherit the page's, and the worker is where the user's data are.
//! * Trusted Types: no text becomes code or markup except through the page's own policy and Lit's templates.

use serde::Deserialize;
use std::io::Result;
use std::path::Path;
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

/// Whether pages are cross-origin isolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// They are: shared memory, threads.
    On,
    /// They are not, as on hosts that send no headers of ours.
    Off,
}

/// Directives by where they hold. The build puts those for all and for pages into every page besides.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let text = include_str!("../../../../www/policy.json");
    serde_json::from_str(text).expect("www/policy.json has the four fields")
});

#[derive(Deserialize)]
struct Policy {
    all: String,
    /// For documents: Lit's templates, and the page's policy for the address of its worker.
    pages: String,
    /// For worker scripts: the pool's workers start from a blob, which the worker's default policy lets pass.
    workers: String,
    /// What a page cannot say of itself.
    headers: String,
}

/// Headers of a file that was asked for at `address`, without its version and encoding.
pub fn of(file: &Path, address: &str, isolation: Isolation) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("Content-Type", media_type(file).to_string()),
        ("Cache-Control", caching(file, address).to_string()),
        ("X-Content-Type-Options", "nosniff".to_string()),
        ("Referrer-Policy", "no-referrer".to_string()),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()".to_string()),
        ("Cross-Origin-Resource-Policy", "same-origin".to_string()),
        ("Content-Security-Policy", policy(file)),
    ];
    if isolation == Isolation::On {
        headers.push(("Cross-Origin-Opener-Policy", "same-origin".to_string()));
        headers.push(("Cross-Origin-Embedder-Policy", "require-corp".to_string()));
    }
    headers
}

fn policy(file: &Path) -> String {
    let Policy { all, pages, workers, headers } = &*POLICY;
    match extension(file) {
        "html" => format!("{all}; {headers}; {pages}"),
        "js" => format!("{all}; {headers}; {workers}"),
        _ => format!("{all}; {headers}"),
    }
}

/// A tag that changes when the file does.
pub fn version(file: &Path) -> Result<String> {
    let metadata = std::fs::metadata(file)?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("\"{:x}-{:x}\"", changed.as_nanos(), metadata.len()))
}

/// Whether gzip makes it smaller.
pub fn is_compressible(file: &Path) -> bool {
    matches!(extension(file), "html" | "js" | "css" | "wasm" | "json" | "svg" | "csv" | "txt" | "webmanifest")
}

/// What the name tells the version of is kept for good: Vite puts a hash of the contents into the names of everything in
/// `assets`, the page puts the engine's version behind the addresses of its files (`?v=`), and the folders of `snippets` have
/// the version of their package in their names.
fn caching(file: &Path, address: &str) -> &'static str {
    let below =
        |name: &str| file.ancestors().skip(1).filter_map(Path::file_name).any(|folder| folder == name);
    let in_assets = file.parent().and_then(Path::file_name).is_some_and(|folder| folder == "assets");
    let is_named = in_assets || below("snippets") || address.contains("?v=");
    if is_named { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn media_type(file: &Path) -> &'static str {
    match extension(file) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "csv" => "text/csv; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn extension(file: &Path) -> &str {
    file.extension().and_then(|extension| extension.to_str()).unwrap_or("")
}

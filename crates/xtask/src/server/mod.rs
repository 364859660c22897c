//! A small server of static files on 127.0.0.1, with the headers the page needs for threads and promises about privacy.
//!
//! It knows nothing of the page: [`headers`] says what is sent with a file, [`files`] which file an address means.

mod files;
mod headers;

use crate::console::{Failure, Outcome};
use files::Found;
use flate2::Compression;
use flate2::write::GzEncoder;
use headers::Isolation;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use tiny_http::{Header, Method, Request, Response};

/// Enough that a slow request does not hold up the page's others.
const THREADS: usize = 8;
/// Below this a file is sent as it is.
const WORTH_COMPRESSING: usize = 1024;

/// A server that runs until it is dropped.
pub struct Server {
    server: Arc<tiny_http::Server>,
    /// Where it listens.
    pub port: u16,
}

/// What is served, and how.
#[derive(Clone)]
pub struct Options {
    /// The folder.
    pub folder: PathBuf,
    /// 0 takes a free one.
    pub port: u16,
    /// Without isolation a page has no shared memory, as on a host whose headers one cannot set.
    pub isolated: bool,
}

impl Server {
    /// Begins to serve.
    pub fn start(options: Options) -> Outcome<Self> {
        let failure = |why: String| Failure::new("server", why, "choose another port with --port");
        let address = format!("127.0.0.1:{}", options.port);
        let server =
            tiny_http::Server::http(&address).map_err(|error| failure(format!("{address}: {error}")))?;
        let port = server.server_addr().to_ip().map(|address| address.port()).unwrap_or(options.port);
        let server = Arc::new(server);
        let site = Arc::new(Site { options, compressed: Mutex::default() });
        for _ in 0..THREADS {
            let (server, site) = (server.clone(), site.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // A visitor who went away while a file was sent is no fault of ours.
                    let _ = site.answer(request);
                }
            });
        }
        Ok(Self { server, port })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for _ in 0..THREADS {
            self.server.unblock();
        }
    }
}

struct Site {
    options: Options,
    /// Files that were compressed once, by path.
    compressed: Mutex<HashMap<PathBuf, Packed>>,
}

/// A compressed file and the version of the file that it was made of.
struct Packed {
    version: String,
    bytes: Arc<Vec<u8>>,
}

impl Site {
    fn answer(&self, request: Request) -> std::io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return reply(request, Response::from_string("only GET and HEAD").with_status_code(405));
        }
        match files::find(&self.options.folder, request.url()) {
            Found::File(file) => self.send(request, &file),
            Found::Moved(to) => reply(request, Response::empty(308).with_header(header("Location", &to))),
            Found::Nothing => reply(request, Response::from_string("not found").with_status_code(404)),
        }
    }

    fn send(&self, request: Request, file: &Path) -> std::io::Result<()> {
        let bytes = std::fs::read(file)?;
        let version = headers::version(file)?;
        let isolation = if self.options.isolated { Isolation::On } else { Isolation::Off };
        let mut sent = headers::of(file, request.url(), isolation);
        sent.push(("ETag", version.clone()));
        let asked = |name: &'static str| {
            request
                .headers()
                .iter()
                .find(|header| header.field.equiv(name))
                .map(|header| header.value.as_str().to_string())
        };
        if asked("If-None-Match").is_some_and(|known| known == version) {
            return reply(request, with_headers(Response::empty(304), &sent));
        }
        let accepts = asked("Accept-Encoding").is_some_and(|list| list.contains("gzip"));
        if accepts && bytes.len() >= WORTH_COMPRESSING && headers::is_compressible(file) {
            sent.push(("Content-Encoding", "gzip".into()));
            sent.push(("Vary", "Accept-Encoding".into()));
            let packed = self.compressed(file, version, &bytes)?;
            return reply(request, with_headers(Response::from_data(packed.as_slice()), &sent));
        }
        reply(request, with_headers(Response::from_data(bytes), &sent))
    }

    fn compressed(&self, file: &Path, version: String, bytes: &[u8]) -> std::io::Result<Arc<Vec<u8>>> {
        let mut known = self.compressed.lock().expect("nothing panics while it holds the cache");
        if let Some(packed) = known.get(file)
            && packed.version == version
        {
            return Ok(packed.bytes.clone());
        }
        let packed = Packed { version, bytes: Arc::new(gzip(bytes)?) };
        Ok(known.entry(file.to_path_buf()).insert_entry(packed).get().bytes.clone())
    }
}

/// Sends the response and has the visitor close the connection.
///
/// tiny_http gives every open connection a thread of its pool, and its pool may queue a new one behind a thread that an
/// older connection holds for as long as a browser keeps that open: the page would wait for ever. It drops a `Connection`
/// header of a response, so the response is written here.
fn reply<R: std::io::Read>(request: Request, response: Response<R>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let only_head = *request.method() == Method::Head;
    response.raw_print(&mut bytes, request.http_version().clone(), request.headers(), only_head, None)?;
    let status_end = bytes.windows(2).position(|pair| pair == b"\r\n").map_or(0, |at| at + 2);
    let (status, rest) = bytes.split_at(status_end);
    let mut writer = request.into_writer();
    writer.write_all(status)?;
    writer.write_all(b"Connection: close\r\n")?;
    writer.write_all(rest)?;
    writer.flush()
}

/// What a host sends for these bytes.
pub fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names and values are our own and plain ASCII")
}

fn with_headers<R: std::io::Read>(
    mut response: Response<R>,
    headers: &[(&'static str, String)],
) -> Response<R> {
    for (name, value) in headers {
        response.add_header(header(name, value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::TcpStream;

    fn site(isolated: bool) -> (Server, PathBuf) {
        static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("tabgrad-server-{}-{number}", std::process::id()));
        std::fs::create_dir_all(folder.join("assets")).expect("the temporary folder takes a folder");
        std::fs::write(folder.join("index.html"), "<!doctype html>".repeat(200)).expect("it takes a file");
        std::fs::write(folder.join("assets/a-12345678.js"), "let a;").expect("it takes a file");
        std::fs::write(folder.join("engine.wasm"), [0, 1, 2]).expect("it takes a file");
        let server = Server::start(Options { folder: folder.clone(), port: 0, isolated })
            .expect("a free port is free");
        (server, folder)
    }

    fn ask(server: &Server, method: &str, path: &str, more: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n")
            .expect("it takes the request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[test]
    fn the_page_is_isolated_and_under_a_policy() {
        let (server, _) = site(true);
        let answer = ask(&server, "GET", "/", "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        for wanted in [
            "Content-Type: text/html; charset=utf-8",
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Embedder-Policy: require-corp",
            "default-src 'none'",
            "require-trusted-types-for 'script'",
            "X-Content-Type-Options: nosniff",
            "Cache-Control: no-cache",
        ] {
            assert!(answer.contains(wanted), "no `{wanted}` in {answer}");
        }
    }

    #[test]
    fn without_isolation_only_those_headers_are_missing() {
        let (server, _) = site(false);
        let answer = ask(&server, "GET", "/", "");
        assert!(
            !answer.contains("Cross-Origin-Embedder-Policy")
                && !answer.contains("Cross-Origin-Opener-Policy")
        );
        assert!(answer.contains("default-src 'none'"));
    }

    #[test]
    fn files_with_a_version_are_kept_for_good_and_wasm_has_its_type() {
        let (server, _) = site(true);
        let script = ask(&server, "GET", "/assets/a-12345678.js", "");
        assert!(script.contains("Cache-Control: public, max-age=31536000, immutable"));
        assert!(
            script.contains("default-src 'none'") && script.contains("trusted-types default"),
            "workers inherit no policy"
        );
        let plain = ask(&server, "GET", "/engine.wasm", "");
        assert!(
            plain.contains("Content-Type: application/wasm") && plain.contains("Cache-Control: no-cache")
        );
        assert!(ask(&server, "GET", "/engine.wasm?v=1a2b", "").contains("immutable"));
    }

    #[test]
    fn what_is_known_is_not_sent_again_and_what_is_long_is_compressed() {
        let (server, _) = site(true);
        let first = ask(&server, "GET", "/", "Accept-Encoding: gzip\r\n");
        assert!(first.contains("Content-Encoding: gzip"));
        let tag =
            first.lines().find_map(|line| line.strip_prefix("ETag: ")).expect("there is a tag").to_string();
        assert!(ask(&server, "GET", "/", &format!("If-None-Match: {tag}\r\n")).starts_with("HTTP/1.1 304"));
    }

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let (server, _) = site(true);
        for path in
            ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/assets/../../x", "/missing", "//etc/passwd", "/%00"]
        {
            assert!(ask(&server, "GET", path, "").starts_with("HTTP/1.1 404"), "{path}");
        }
        assert!(ask(&server, "POST", "/", "Content-Length: 0\r\n").starts_with("HTTP/1.1 405"));
    }

    /// As browsers do: many connections at once, each kept open unless the server says that it is done with it.
    #[test]
    fn connections_that_browsers_keep_open_hold_nobody_up() {
        let (server, _) = site(true);
        let port = server.port;
        let visit = move || -> Option<TcpStream> {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
            stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).expect("a time limit");
            write!(stream, "GET /engine.wasm HTTP/1.1\r\nHost: x\r\n\r\n").expect("it takes the request");
            let mut answer = Vec::new();
            while !answer.ends_with(&[0, 1, 2]) {
                let mut byte = [0];
                stream.read_exact(&mut byte).expect("it answers in time");
                answer.push(byte[0]);
            }
            let closes = String::from_utf8_lossy(&answer).contains("Connection: close\r\n");
            (!closes).then_some(stream)
        };
        let visitors: Vec<_> = (0..48).map(|_| thread::spawn(visit)).collect();
        let kept: Vec<_> =
            visitors.into_iter().map(|visitor| visitor.join().expect("every visitor is answered")).collect();
        assert_eq!(kept.len(), 48);
    }
}

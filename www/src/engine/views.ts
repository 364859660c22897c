// The only file that looks into wasm memory. A view lives inside one synchronous function and is never kept, returned or posted:
// memory may grow under it, and where it is shared a view of it would give away the whole heap.

/** Bytes in wasm memory: valid until the next call into wasm. */
export interface Span {
  readonly ptr: number;
  readonly len: number;
}

/** Whether several threads see the memory. */
export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
}

/**
 * Makes this thread see the memory as long as it is. When another thread has grown it, `memory.buffer` stays the old, shorter one
 * until this thread grows it too, by nothing; the glue's own views would then end too early.
 */
export function refresh(memory: WebAssembly.Memory): void {
  if (isShared(memory)) {
    memory.grow(0);
  }
}

/** Copies `bytes` to the begin of `span`. */
export function copyIn(memory: WebAssembly.Memory, span: Span, bytes: Uint8Array): void {
  refresh(memory);
  if (bytes.length > span.len) {
    throw new RangeError(`${bytes.length} bytes do not fit into ${span.len}`);
  }
  new Uint8Array(memory.buffer, span.ptr, bytes.length).set(bytes);
}

/** A copy of `span` in a buffer of its own, which can be transferred. */
export function copyOut(memory: WebAssembly.Memory, span: Span): ArrayBuffer {
  refresh(memory);
  const copy = new Uint8Array(span.len);
  copy.set(new Uint8Array(memory.buffer, span.ptr, span.len));
  return copy.buffer;
}

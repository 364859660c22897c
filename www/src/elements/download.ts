// Hands bytes to the reader as a file.

/** How long the browser has to begin with the file before its address is given back. */
const KEEP_MS = 30_000;

export function downloadBytes(name: string, bytes: ArrayBuffer): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

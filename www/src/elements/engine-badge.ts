// What runs, and why it is not faster where it could be: "2 threads · relaxed SIMD", "1 thread: this page is not isolated ·
// relaxed SIMD". The words stand there to be read, because a finger has no hover and a tap leads to the proof. While the engine is on its way: how much of it has come.

import { css, html, nothing } from "lit";
import { defaultBase } from "../engine/urls";
import { base } from "../styles/controls";
import { bytes, count, percent } from "../styles/format";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradEngineBadge extends LabElement {
  static override styles = [
    base,
    css`
      a {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 24px;
        padding: 0 10px;
        box-sizing: border-box;
        border: 1px solid var(--tg-line);
        border-radius: 12px;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        /* Two lines are no higher than a button: the header stays as it is when they come. */
        line-height: 15px;
        text-decoration: none;
      }
      a[href]:hover {
        color: var(--tg-ink);
        border-color: var(--tg-edge);
      }
      i {
        flex: none;
        width: 6px;
        height: 6px;
        border-radius: 50%;
        background: var(--tg-muted);
      }
      .ready i {
        background: var(--tg-good);
      }
      .failed i {
        background: var(--tg-bad);
      }
      /* A line of the header's own. */
      @container (max-width: 720px) {
        a {
          min-height: var(--tg-control);
          padding: 0;
          border: 0;
        }
      }
    `,
  ];

  protected readonly watches = ["engine"] as const;

  protected override render(): unknown {
    const { status } = this.state.engine;
    const { text, doc } = this.#words();
    // Whoever looks at what computes may want to see it checked; while it is not there yet, there is nothing to check.
    const proof = status === "ready" ? new URL("../proof.html", defaultBase()).href : nothing;
    return html`<a
      class=${status}
      tabindex="0"
      role=${status === "ready" ? "link" : "note"}
      href=${proof}
      target="_blank"
      rel="noopener"
      ${tip(doc)}
      ><i></i>${text}</a
    >`;
  }

  #words(): { text: string; doc: string } {
    const { status, info, progress, error } = this.state.engine;
    if (status === "failed") return { text: "engine stopped", doc: error?.message ?? "The engine could not start." };
    if (!info) {
      const share = progress?.total ? ` ${percent(progress.done / progress.total, 0)}` : "";
      const came = progress && !progress.total ? ` ${bytes(progress.done)}` : "";
      return { text: `engine${share}${came} …`, doc: "The engine, a WebAssembly program, is being loaded." };
    }
    const how = info.relaxed_simd
      ? "the fastest arithmetic this browser has; last digits may differ between machines"
      : "the same bits on every machine";
    const because = (what: string, why?: string) => (why ? `${what}: ${why}` : what);
    const threads = because(count(info.threads, "thread"), info.threads_reason);
    const text = `${threads} · ${because(info.relaxed_simd ? "relaxed SIMD" : "SIMD", info.simd_reason)}`;
    return {
      text,
      doc: `The network is trained in this browser tab, on ${count(info.threads, "thread")} of your machine, with ${how}. Click to see its arithmetic checked.`,
    };
  }
}

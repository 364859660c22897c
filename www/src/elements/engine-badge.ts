// What runs: "2 threads · relaxed SIMD", or why it is not faster. While the engine is on its way: how much of it has come.

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
        padding: 3px 10px;
        border: 1px solid var(--tg-line);
        border-radius: 99px;
        color: var(--tg-muted);
        font-size: var(--tg-text-small);
        line-height: 16px;
        white-space: nowrap;
        text-decoration: none;
      }
      a[href]:hover {
        color: var(--tg-ink);
        border-color: var(--tg-edge);
      }
      i {
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
    const simd = info.relaxed_simd ? "relaxed SIMD" : "SIMD";
    const how = info.relaxed_simd
      ? "the fastest arithmetic this browser has; last digits may differ between machines"
      : "the same bits on every machine";
    const text = `${count(info.threads, "thread")} · ${simd}`;
    const why = info.reason ? ` It is not faster because ${info.reason.replace(/\.$/, "")}.` : "";
    return {
      text,
      doc: `The network is trained in this browser tab, on ${count(info.threads, "thread")} of your machine, with ${how}.${why} Click to see its arithmetic checked.`,
    };
  }
}

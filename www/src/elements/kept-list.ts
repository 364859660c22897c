// What callbacks have kept: logs and states of the model, to be saved as files, and a state to go back to.

import { css, html, nothing } from "lit";
import type { Kept } from "../engine/protocol";
import { typeOf } from "../store/kinds";
import { base, buttons } from "../styles/controls";
import { integer } from "../styles/format";
import { downloadBytes } from "./download";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradKeptList extends LabElement {
  static override styles = [
    base,
    buttons,
    css`
      .list {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 8px;
      }
    `,
  ];

  protected readonly watches = ["run", "choices"] as const;

  async #save(callback: number): Promise<void> {
    const file = await this.lab.saveKept(callback);
    if (file) downloadBytes(file.name, file.bytes);
  }

  protected override render(): unknown {
    const { kept } = this.state.run;
    if (kept.length === 0) return nothing;
    return html`<div class="list" role="group" aria-label="Kept by callbacks">${kept.map((it) => this.#one(it))}</div>`;
  }

  #one({ callback, epoch }: Kept): unknown {
    const spec = this.state.choices.training.callbacks?.[callback];
    const save = (words: string, doc: string) =>
      html`<button type="button" @click=${() => void this.#save(callback)} ${tip(doc)}>${words}</button>`;
    if (spec && typeOf(spec) === "csv_logger") return save("Save the log", "A line of scores for every epoch, as a CSV file.");
    const best = typeof spec === "object" && spec["save_best_only"] === true ? "best" : "checkpoint";
    return html`${save(`Save the ${best} (epoch ${integer(epoch)})`, "The model as it was after that epoch, as a file.")}
      <button
        type="button"
        @click=${() => this.lab.restoreKept(callback)}
        ${tip("Weights, optimizer and epoch become again what they were then; training goes on from there.")}
      >
        Go back to epoch ${integer(epoch)}
      </button>`;
  }
}

// Whether the row itself is predicted instead of a column of it: an autoencoder, or of a sequence the next label of every step.

import { css, html, nothing } from "lit";
import { isOfRow, targetsOf, withoutTargets } from "../store/targets";
import { base, fields } from "../styles/controls";
import { LabElement } from "./lab-element";
import { tip } from "./tip";

export class TabgradRowTarget extends LabElement {
  static override styles = [
    base,
    fields,
    css`
      :host {
        display: grid;
        justify-items: start;
      }
    `,
  ];

  protected readonly watches = ["data"] as const;

  /** What was predicted before. */
  #before: number[] = [];

  protected override render(): unknown {
    const { report } = this.state.data;
    if (!report) return nothing;
    if (!isOfRow(report)) this.#before = targetsOf(report).map(({ column }) => column);
    const tokens = report.form !== undefined && "tokens" in report.form;
    return [
      this.#choice(0, "The row itself", "An autoencoder: what enters the network is what it is to give back, through a narrow place."),
      tokens ? this.#choice(1, "The next token", "At every step of a sequence, the token of the step behind it.") : nothing,
    ];
  }

  #choice(ahead: number, label: string, doc: string): unknown {
    const { report } = this.state.data;
    if (!report) return nothing;
    return html`<label class="check" ${tip(doc)}>
      <input
        type="checkbox"
        .checked=${isOfRow(report) && (report.ahead ?? 0) === ahead}
        @change=${(event: Event) => {
          const { checked } = event.target as HTMLInputElement;
          if (checked) this.lab.changeTable({ targets: [], ahead, ignored: withoutTargets(report) });
          else this.lab.changeTable({ targets: this.#before.length > 0 ? this.#before : [report.columns.length - 1] });
        }}
      />${label}
    </label>`;
  }
}
